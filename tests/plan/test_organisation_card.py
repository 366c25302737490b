"""What an organisation owes stands on its card, for those who may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from decrees import adopted
from people import browser

if TYPE_CHECKING:
    from factories import SmallRegion
    from people import People


@pytest.mark.usefixtures("december")
def test_the_card_shows_what_is_owed(region: SmallRegion, people: People) -> None:
    adopted(region, people)
    address = reverse("organisation", args=[region.schools[0].pk])
    for person in (people.ministry, people.municipal, people.school, people.observer):
        answer = browser(person).get(address)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert page.count(f"{reverse('obligations')}?organisation={region.schools[0].pk}") == 1
        assert "просрочено" in page
        assert "Назначение должностных лиц" in page


@pytest.mark.usefixtures("december")
def test_those_who_see_no_obligations_see_the_card_without_them(region: SmallRegion, people: People) -> None:
    adopted(region, people)
    page = browser(people.institute).get(reverse("organisation", args=[region.schools[0].pk]))
    assert page.status_code == 200
    assert "Назначение должностных лиц" not in page.content.decode()
