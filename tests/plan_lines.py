"""A reading as short lines that a test can hold beside a sample: what stands in the act and in each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from profminimum.decree.model import Measure, Reading

# Doubts that depend on the calendar and on the meaning of terms have tests of their own.
_ELSEWHERE = {"non-working-day", "due-before-decree", "due-outside-plan", "no-control-date", "unreadable-term"}


def plan_lines(reading: Reading) -> list[str]:
    act, plan = reading.decree, reading.plan
    lines = []
    if act.kind or act.date or act.number:
        day = act.date.isoformat() if act.date else ""
        lines.append(f"act: {act.kind} | {day} | {act.number} | {act.place} | {act.issuer}")
        lines.append(f"heading: {act.title}")
        lines += [f"clause: {clause}".replace("\n", " / ") for clause in act.clauses]
        lines += [
            f"{word}: {one.position} | {one.name}"
            for word, one in (("signed", act.signatory), ("controls", act.controller))
        ]
    lines.append(
        f"plan: {plan.title} | {plan.period.start}…{plan.period.end}" if plan.period else f"plan: {plan.title}"
    )
    lines += [f"means: {one.abbr} = {one.full}" for one in plan.glossary]
    for section in plan.sections:
        lines.append(f"§ {section.number} | {section.title}")
        for measure in section.measures:
            lines += measure_lines(measure)
    lines += [f"finding: {one.code} {one.measure}".rstrip() for one in reading.findings if one.code not in _ELSEWHERE]
    return lines


def measure_lines(measure: Measure) -> list[str]:
    people = "; ".join(one.name if one.name == one.text else f"{one.name} ← {one.text}" for one in measure.executors)
    papers = "; ".join(f"{one.text} @{one.owner}" if one.owner else one.text for one in measure.results)
    return [
        f"{measure.number} | {measure.title} | {measure.term.text} | {people} | {papers}",
        *(f"  - {item}" for item in measure.items),
    ]
