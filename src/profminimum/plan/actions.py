"""What can happen to plans and obligations, as the journal calls it."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "decree.uploaded": _("Decree uploaded and read"),
    "finding.decided": _("Doubt about the text decided"),
    "wording.corrected": _("Reading of the decree corrected"),
    "executor.mapped": _("Executor matched with organisations"),
    "exemption.made": _("Organisation excepted from a measure"),
    "exemption.ended": _("Exception withdrawn"),
    "past.decided": _("Decision on a date before the signature"),
    "version.discarded": _("Draft of the plan discarded"),
    "plan.adopted": _("Plan adopted"),
    "plan.amended": _("Plan amended"),
    "occurrence.added": _("Date added for a monitoring"),
    "obligation.assigned": _("Obligation assigned"),
    "obligation.rescheduled": _("Date changed by an amendment"),
    "obligation.reported": _("Reported as done"),
    "obligation.returned": _("Returned for rework"),
    "obligation.accepted": _("Accepted, taken off control"),
    "obligation.waived": _("Released from the obligation"),
    "obligation.resumed": _("Put under control again"),
    "obligation.moved": _("Obligation moved to another authority"),
    "extension.requested": _("Another date asked for"),
    "extension.granted": _("Another date granted"),
    "extension.refused": _("Another date refused"),
    "extension.withdrawn": _("Request for another date withdrawn"),
    "file.downloaded": _("File downloaded"),
}
