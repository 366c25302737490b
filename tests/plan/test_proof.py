"""What the expected result of a row asks for as evidence."""

from __future__ import annotations

import pytest

from profminimum.plan.proof import Proof, wanted

ACT, FILE, WORDS = Proof(act=True, file=True), Proof(act=False, file=True), Proof(act=False, file=False)


@pytest.mark.parametrize(
    ("result", "proof"),
    [
        ("Распорядительный акт МОСО, ГАУ СО АРЧК", ACT),
        ("Распорядительные акты МОУО, ОО", ACT),
        ("Приказ о назначении", ACT),
        ("Распоряжение министерства", ACT),
        ("Постановление администрации", ACT),
        ("Аналитический отчет регионального координатора", FILE),
        ("Аналитический отчёт ГАОУ ДПО ИРОСО", FILE),
        ("Дорожная карта о реализации мероприятий проекта", FILE),
        ("Информационные письма МОСО.", FILE),
        ("Анонс, программа, пост – релиз на сайте", FILE),
        ("План мероприятий по методическому сопровождению ОО", FILE),
        ("Программа дополнительного профессионального образования", FILE),
        ("Аналитическая справка по результатам мониторинга", FILE),
        ("Тиражирование положительного опыта педагогов ОО.", WORDS),
        ("Повышение качества", WORDS),
        ("", WORDS),
    ],
)
def test_a_result_asks_for(result: str, proof: Proof) -> None:
    assert wanted([{"text": result, "owner": ""}]) == proof


def test_several_results_ask_for_the_strongest() -> None:
    assert wanted([{"text": "Повышение качества"}, {"text": "Приказ"}]) == ACT
    assert wanted([{"text": "Повышение качества"}, {"text": "Справка"}]) == FILE


def test_a_row_without_a_result_wants_words() -> None:
    assert wanted([]) == WORDS
