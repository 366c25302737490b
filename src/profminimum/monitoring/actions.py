"""What can happen to forms, campaigns, waves and answers, as the journal calls it."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "form.uploaded": _("Form uploaded"),
    "form.published": _("Form published"),
    "form.withdrawn": _("Form withdrawn"),
    "campaign.created": _("Monitoring set up"),
    "campaign.changed": _("Monitoring changed"),
    "exclusion.made": _("Organisation excepted from a monitoring"),
    "exclusion.ended": _("Exception from a monitoring withdrawn"),
    "wave.planned": _("Wave planned"),
    "wave.changed": _("Wave changed"),
    "wave.opened": _("Wave opened"),
    "wave.extended": _("Date of a wave moved"),
    "wave.closed": _("Wave closed"),
    "wave.cancelled": _("Wave cancelled"),
    "submission.asked": _("Organisation asked in a wave that was open already"),
    "submission.submitted": _("Answer sent for checking"),
    "submission.checked": _("Answer checked"),
    "submission.returned": _("Answer returned for rework"),
    "submission.accepted": _("Answer accepted"),
    "submission.reopened": _("Answer reopened"),
    "submission.rescheduled": _("Date of an answer moved"),
    "submission.moved": _("Answer moved to another authority"),
    "submission.taken_over": _("Editing taken over by another person"),
    "submission.prepared": _("Drafts prepared from a workbook"),
    "answers.exported": _("Answers exported"),
    "follow_up.closed": _("Doubt about an answer settled"),
}
FIELDS = {  # what stands beside them before and after
    "answers": _("answers"),
    "asked": _("asked"),
    "author_id": _("who writes the note"),
    "check_due": _("check due"),
    "checkers": _("organisations that check"),
    "faults": _("mistakes in the workbook"),
    "fields": _("fields to type"),
    "notes": _("analytical notes"),
    "person": _("who was typing"),
    "revision": _("revision of the answer"),
}
