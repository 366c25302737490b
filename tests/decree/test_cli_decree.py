"""The command prints what its schema promises, refuses what it cannot read with 2, and needs no Django."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

import profminimum.decree
from profminimum.config.cli_decree import decree

SEED = Path(__file__).parents[1] / "data" / "seed"
LAYOUTS = Path(__file__).parents[1] / "data" / "layouts"
SCHEMA = json.loads((Path(profminimum.decree.__file__).parent / "decree.schema.json").read_text(encoding="utf-8"))


def run(*arguments: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(decree, list(arguments), input=stdin)


def printed(*arguments: str) -> Any:
    result = run("read", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_schema_is_itself_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


SAMPLES = [SEED / f"decree.{ending}" for ending in ("txt", "docx", "pdf")]
SAMPLES += sorted(path for path in LAYOUTS.iterdir() if path.suffix in {".txt", ".html", ".csv"})
SAMPLES += sorted(path for path in (LAYOUTS.parent / "judged").iterdir() if path.suffix != ".plan")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_json_follows_the_schema(sample: Path) -> None:
    errors = [error.message for error in Draft202012Validator(SCHEMA).iter_errors(printed(str(sample)))]
    assert errors == []


def test_contract_of_the_first_decree() -> None:
    found = printed(str(SEED / "decree.docx"))
    assert {key: found["decree"][key] for key in ("kind", "number", "date")} == {
        "kind": "распоряжение",
        "number": "3.12-1264-р",
        "date": "2023-09-08",
    }
    assert found["decree"]["controller"]["name"] == "И.А. Шпаченко"
    assert found["plan"]["period"] == {"start": "2023-09-01", "end": "2024-08-31"}
    measure = found["plan"]["sections"][2]["measures"][1]
    assert measure["number"] == "11"
    assert measure["occurrences"] == ["2023-12-01", "2024-06-01"]
    assert measure["executors"] == [{"text": "МОСО", "name": "МОСО"}, {"text": "ГАУ СО АРЧК", "name": "ГАУ СО АРЧК"}]
    assert measure["term"]["kind"] == "recurring"
    assert measure["source"]["table"] == 1


def test_report_for_people() -> None:
    result = run("read", str(SEED / "decree.txt"))
    assert result.exit_code == 0
    for words in (
        "распоряжение 08.09.2023 № 3.12-1264-р",
        "Подписал: Министр А.Н. Киктева",
        "Замечания",
        "[due-outside-plan]",
    ):
        assert words in result.stdout
    assert max(len(line) for line in result.stdout.splitlines() if " | " in line) <= 120


def test_report_in_english() -> None:
    result = run("read", str(SEED / "decree.txt"), "--lang", "en")
    assert "Signed by: Министр А.Н. Киктева" in result.stdout
    assert "Probably 2024-03-29 was meant." in result.stdout


@pytest.mark.parametrize(("lang", "words"), [("ru", "не найден план"), ("en", "No plan was found")])
def test_no_plan_is_refused(tmp_path: Path, lang: str, words: str) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Здравствуйте!\nПлана здесь нет.\n", encoding="utf-8")
    result = run("read", str(path), "--json", "--lang", lang)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert "letter.txt" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_missing_file_is_refused(tmp_path: Path) -> None:
    result = run("read", str(tmp_path / "нет.docx"))
    assert result.exit_code == 2
    assert "нет.docx" in result.stderr


def test_terms_line_by_line() -> None:
    lines = "До 22.08.2023\n\nI квартал\n".encode()
    result = run("terms", "--decree-date", "2023-09-08", "--school-year", "2023/2024", "--json", stdin=lines)
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(one["text"], one["kind"], one["due"]) for one in found] == [
        ("До 22.08.2023", "date", "2023-08-22"),
        ("", "unknown", None),
        ("I квартал", "date", "2024-03-31"),
    ]
    validator = Draft202012Validator(
        {**SCHEMA, "$ref": "#/$defs/term", "required": [], "properties": {}} | {"additionalProperties": True}
    )
    assert [error.message for one in found for error in validator.iter_errors(one)] == []


def test_terms_in_the_old_encoding() -> None:
    result = run(
        "terms", "--decree-date", "08.09.2023", "--school-year", "2023-2024", stdin="до 1 мая".encode("cp1251")
    )
    assert json.loads(result.stdout)["due"] == "2024-05-01"


@pytest.mark.parametrize(
    ("option", "value"), [("--decree-date", "вчера"), ("--school-year", "2023"), ("--school-year", "2023/2025")]
)
def test_terms_refuse_nonsense(option: str, value: str) -> None:
    options = {"--decree-date": "2023-09-08", "--school-year": "2023/2024", option: value}
    result = run("terms", *[word for pair in options.items() for word in pair])
    assert result.exit_code == 2
    assert value in result.stderr


def test_the_whole_process_is_free_of_django() -> None:
    code = (
        "import sys; from profminimum.config.cli_decree import decree\n"
        "try: decree(['read', sys.argv[1], '--json'])\n"
        "except SystemExit as stop: assert not stop.code\n"
        "assert 'django' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(SEED / "decree.pdf")], check=True, capture_output=True)
