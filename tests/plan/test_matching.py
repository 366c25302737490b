"""Which row of an amended plan is which?"""

from __future__ import annotations

import pytest

from profminimum.plan.matching import match

OLD = [
    ("1", "Назначение должностных лиц"),
    ("2", "Создание рабочей группы"),
    ("3", "Подготовка отчета о готовности ОО"),
]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (OLD, {0: 0, 1: 1, 2: 2}),
        ([OLD[2], OLD[0], OLD[1]], {0: 2, 1: 0, 2: 1}),
        ([OLD[0], ("2", "Подготовка отчёта о готовности ОО к реализации")], {0: 0, 1: 2}),
        ([("1", "Проведение вебинара для родителей"), ("2", "Назначение должностных лиц")], {1: 0}),
        ([], {}),
    ],
)
def test_rows_are_known_by_their_titles(new: list[tuple[str, str]], expected: dict[int, int]) -> None:
    assert match(OLD, new) == expected


def test_equal_titles_are_told_apart_by_their_numbers() -> None:
    twins = [("4", "Мониторинг"), ("5", "Мониторинг")]
    assert match(twins, [("5", "Мониторинг"), ("4", "Мониторинг")]) == {0: 1, 1: 0}
