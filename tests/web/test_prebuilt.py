from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitoring_waves import answer_of, opened_wave
from profminimum.monitoring.models import Draft, Submission
from profminimum.web.prebuilt import Prebuilt

if TYPE_CHECKING:
    from django.db.models import Model
    from pytest_django import DjangoAssertNumQueries

    from factories import SmallRegion
    from people import People


def values(row: Model) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.mark.django_db
def test_a_prebuilt_question_gives_what_the_model_layer_gives(
    region: SmallRegion, people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    wave = opened_wave(region, people)
    question = Submission.objects.select_related("wave__campaign", "checker")
    rows = Prebuilt(lambda: Submission.objects.select_related("wave__campaign", "checker").filter(pk=0).order_by())
    drafts = Prebuilt(lambda: Draft.objects.filter(pk=0).order_by())
    for place in (region.schools[0], region.schools[-1]):
        wanted = question.get(pk=answer_of(wave, place).pk)
        with django_assert_num_queries(1):
            got = rows.one(wanted.pk)
            assert got is not None
            assert values(got) == values(wanted)
            assert values(got.wave) == values(wanted.wave)
            assert values(got.wave.campaign) == values(wanted.wave.campaign)
            assert got.checker == wanted.checker
        draft = drafts.one(wanted.pk)
        assert draft is not None
        assert values(draft) == values(Draft.objects.get(pk=wanted.pk))
        draft.save()  # a row like any other: an update, no second row
    assert rows.one(0) is None
    assert Draft.objects.count() == wave.submissions.count()
