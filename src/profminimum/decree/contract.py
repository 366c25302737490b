"""In what JSON is a reading handed to other tools? The shape is fixed by `decree.schema.json` beside this module."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from profminimum.decree.terms import term_json

if TYPE_CHECKING:
    from profminimum.decree.model import Finding, Measure, Person, Place, Reading


def reading_json(reading: Reading, *, lang: str = "ru") -> dict[str, Any]:
    """Give a reading as the JSON of the contract: days as YYYY-MM-DD, null where a day is not known.

    `lang` is the language of the findings' messages, «ru» or «en»; the decree's own words stay as written.
    """
    act, plan = reading.decree, reading.plan
    return {
        "decree": {
            "kind": act.kind,
            "number": act.number,
            "date": act.date.isoformat() if act.date else None,
            "place": act.place,
            "issuer": act.issuer,
            "title": act.title,
            "clauses": list(act.clauses),
            "signatory": _person(act.signatory),
            "controller": _person(act.controller),
        },
        "plan": {
            "title": plan.title,
            "school_year": plan.school_year,
            "period": {
                "start": plan.period.start.isoformat() if plan.period else None,
                "end": plan.period.end.isoformat() if plan.period else None,
            },
            "glossary": [{"abbr": one.abbr, "full": one.full} for one in plan.glossary],
            "sections": [
                {
                    "number": one.number,
                    "title": one.title,
                    "measures": [measure_json(measure) for measure in one.measures],
                }
                for one in plan.sections
            ],
        },
        "findings": [finding_json(finding, lang=lang) for finding in reading.findings],
    }


def measure_json(measure: Measure) -> dict[str, Any]:
    return {
        "number": measure.number,
        "title": measure.title,
        "items": list(measure.items),
        "term": term_json(measure.term),
        "occurrences": [day.isoformat() for day in measure.occurrences],
        "executors": [{"text": one.text, "name": one.name} for one in measure.executors],
        "results": [{"text": one.text, "owner": one.owner} for one in measure.results],
        "source": _place(measure.source),
    }


def finding_json(finding: Finding, *, lang: str = "ru") -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "measure": finding.measure,
        "message": finding.message_en if lang == "en" else finding.message,
        "proposal": finding.proposal,
    }


def _person(person: Person) -> dict[str, str]:
    return {"position": person.position, "name": person.name, "text": person.text}


def _place(place: Place) -> dict[str, Any]:
    return {name: value for name, value in asdict(place).items() if value is not None}
