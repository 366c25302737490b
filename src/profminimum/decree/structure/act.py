"""What does the act say around its plan: kind, number, date, place, issuer, title, clauses, people?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from profminimum.decree.model import Act, Person
from profminimum.decree.structure.people import controller, name_in, person
from profminimum.decree.structure.stream import Line, noise, stamp
from profminimum.decree.structure.wording import join

_KINDS: Final = "распоряжение|приказ|постановление|решение|указ|информационное письмо|письмо|поручение|протокол"
_KIND_LINE: Final = re.compile(rf"(?P<kind>{_KINDS})(?P<rest>(?:\s.*)?)", re.IGNORECASE)
_GENITIVE_KIND: Final = re.compile(
    r"(распоряжени|приказ|постановлени|решени)\w*\s+(?P<issuer>.*?)\s*(?:от|№)\s", re.IGNORECASE | re.DOTALL
)
_MONTHS: Final = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря".split("|")
_DATE: Final = re.compile(
    r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>20\d\d|\d\d)(?![\d])|"
    rf"[«\"“]?\s*(?P<dw>\d{{1,2}})\s*[»\"”]?\s+(?P<mw>{'|'.join(_MONTHS)})\s+(?P<yw>20\d\d)",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"(?:№|\bN\b|\bNo\b\.?)\s*(?P<number>[\dА-Яа-яA-Za-z][\w./\-–]*(?:\s?[-/]\s?[\wА-Яа-я]+)*)")
_TITLE: Final = re.compile(r"[«\"“]?(?:Об?|О внесении|По)\s+[а-яёА-ЯЁ«\"]")
_PREAMBLE: Final = re.compile(
    r"(?:в целях|в соответствии|на основании|во исполнение|руководствуясь|с целью|по итогам|в рамках|согласно|в связи|"
    r"учитывая|для |приказываю|обязываю|постановля|распоряжа|предлагаю|уважаем|утвердить|министерство|департамент|"
    r"управление|администрация|направля|информиру|исполняя|\d+\.\s)",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})*)[.)]\s*(?=[А-ЯЁа-яё«(])(?P<text>.+)", re.DOTALL)
_ORDERS: Final = re.compile(r"(?:приказываю|обязываю|постановля(?:ю|ет)|распоряжаюсь|предлагаю|решил\w*)\s*:?\s*$", re.IGNORECASE)
_APPROVED: Final = re.compile(r"(?:приложение|утвержд[её]н[аоы]?|утверждаю|согласован\w*|к\s+приказу)\b", re.IGNORECASE)
_PLACE: Final = re.compile(r"(?:г|гор|с|п|пос|пгт|рп|р\.п|ст|д)\.?\s?[А-ЯЁ][а-яё]+(?:[ -][А-ЯЁа-яё]+)*|[А-ЯЁ][а-яё]+(?:-[А-ЯЁа-яё]+)*")
_BODY: Final = (
    ("министерств", "Министерство"), ("департамент", "Департамент"), ("комитет", "Комитет"), ("управлени", "Управление"),
    ("администраци", "Администрация"), ("отдел", "Отдел"), ("агентств", "Агентство"), ("правительств", "Правительство"),
    ("служб", "Служба"), ("учреждени", "Учреждение"), ("школ", "Школа"), ("муниципальн", "Муниципальное"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Approval:
    """What the mark over the plan says: «УТВЕРЖДЁН распоряжением … от … № …» or «УТВЕРЖДАЮ Директор … И.И. Иванов»."""

    kind: str = ""
    number: str = ""
    date: date | None = None
    issuer: str = ""
    by: Person = Person()


def unspaced(text: str) -> str:
    """Close up spaced letters: «П Р И К А З» → «ПРИКАЗ», «п р и к а з ы в а ю» too."""

    def close(match: re.Match[str]) -> str:
        return match[0].replace(" ", "")

    return re.sub(r"(?<![^\W\d_])(?:[А-ЯЁа-яё] ){3,}[А-ЯЁа-яё](?![^\W\d_])", close, text)


def find_date(text: str) -> date | None:
    """Read the first date in figures or words («8» сентября 2023 г.); None when there is none or it does not exist."""
    for found in _DATE.finditer(text):
        if found["d"]:
            day, month, year = int(found["d"]), int(found["m"]), int(found["y"])
            year += 2000 if year < 100 else 0
        else:
            day, month, year = int(found["dw"]), _MONTHS.index(found["mw"].lower()) + 1, int(found["yw"])
        try:
            return date(year, month, day)
        except ValueError:
            continue
    return None


def find_number(text: str) -> str:
    found = _NUMBER.search(text)
    return re.sub(r"\s", "", found["number"]).rstrip(".-–") if found else ""


def read_act(lines: Sequence[Line], *, mentions: str = "") -> Act:
    """Read the lines before the plan (and after it, where the signature may stand); `mentions` is the whole text, in which
    the issuer's name is sought in ordinary letters. An act without a head gives empty fields."""
    texts = [unspaced(line.text) for line in lines if not noise(line.text) or stamp(line.text) == ""]
    texts = [text for text in texts if not noise(text)]
    start = next((i for i, text in enumerate(texts) if _kind(text)), None)
    if start is None:
        return Act()
    end = next((i for i in range(start + 1, len(texts)) if _APPROVED.match(texts[i]) and not _in_clause(texts, i)), len(texts))
    head, body = _parts(texts[start:end])
    kind, rest = _kind(texts[start]) or ("", "")
    requisites = "\n".join([rest, *head])
    issuer = _issuer(texts[:start], rest, head, mentions)
    number = find_number(requisites) or find_number("\n".join(texts[max(0, start - 3) : start]))
    day = find_date(requisites) or find_date("\n".join(texts[:start]))
    title, body = _title(body, rest)
    clauses, people = _clauses(body)
    signatory = _signatory(people)
    return Act(
        kind=kind,
        number=number,
        date=day,
        place=_place(head) or _place(texts[:start]),
        issuer=issuer,
        title=title,
        clauses=tuple(clauses),
        signatory=signatory,
        controller=_controller(clauses, signatory),
    )


def read_approval(lines: Sequence[Line]) -> tuple[Approval, int]:
    """Read the last mark of approval among the lines before a plan; gives it and the index of the line after it."""
    texts = [unspaced(line.text) for line in lines]
    start = next((i for i in range(len(texts) - 1, -1, -1) if re.match(r"утвержд", texts[i], re.IGNORECASE)), None)
    if start is None:
        start = next((i for i in range(len(texts) - 1, -1, -1) if re.match(r"приложение", texts[i], re.IGNORECASE)), None)
    if start is None:
        return Approval(), 0
    end = start + 1
    while end < len(texts) and end - start < 10 and not plan_words(texts[end]):
        end += 1
    block = " ".join(texts[start:end])
    if re.match(r"утверждаю", block, re.IGNORECASE):
        words = re.sub(r"^утверждаю\W*", "", block, flags=re.IGNORECASE)
        found = _DATE.search(words)
        by = person(words[: found.start()] if found else words)
        return Approval(date=find_date(words), by=by), end
    block = re.sub(r"^приложение\s*(?:№|N)?\s*\d*", "", block, flags=re.IGNORECASE)
    kind = _GENITIVE_KIND.search(block + " ")
    if not kind:
        return Approval(date=find_date(block), number=find_number(block)), end
    noun = {"распоряжени": "распоряжение", "приказ": "приказ", "постановлени": "постановление", "решени": "решение"}
    return Approval(noun[kind[1].lower()], find_number(block), find_date(block), body_name(kind["issuer"])), end


def plan_words(text: str) -> bool:
    """Tell a line that names a plan."""
    return (
        re.match(
            r"[«\"(]?\s*(?:комплексн\w+\s+|региональн\w+\s+|муниципальн\w+\s+|рабоч\w+\s+|медиа|сетев\w+\s+|единый\s+)*"
            r"(?:план\b|план[\s-]|дорожная|«дорожная|комплекс мер|график|перечень (?:основных\s+)?мероприятий|программа|мероприятия|календар)",
            text.strip(),
            re.IGNORECASE,
        )
        is not None
    )


def with_approval(act: Act, approval: Approval) -> Act:
    """Fill what the act's own head leaves empty from the mark over the plan."""
    return replace(
        act,
        kind=act.kind or approval.kind,
        number=act.number or approval.number,
        date=act.date or approval.date,
        issuer=act.issuer or approval.issuer,
        signatory=act.signatory if act.signatory.text else approval.by,
    )


def body_name(genitive: str) -> str:
    """Turn «министерства образования Сахалинской области» into the nominative by its first word."""
    words = " ".join(genitive.split())
    for stem, base in _BODY:
        if words.lower().startswith(stem):
            return base + words[len(words.split(" ")[0]) :]
    return words


def _kind(text: str) -> tuple[str, str] | None:
    """Read a line that is the kind of the act, perhaps with requisites or the issuer in the same line."""
    found = _KIND_LINE.fullmatch(text.strip(" *_:"))
    if not found:
        return None
    rest = found["rest"].strip()
    whole = text.isupper() or not rest or re.match(r"(?:от|№|N)\s|\d", rest) or (text[0].isupper() and _GENITIVE_KIND.match(text))
    return (found["kind"].lower(), rest) if whole else None


def _in_clause(texts: Sequence[str], index: int) -> bool:
    """Tell «Приложение: …» or «утверждён» that only goes on with a clause from a mark that begins an annex."""
    return texts[index][:1].islower() and not _APPROVED.fullmatch(texts[index].strip(" .:"))


def _parts(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part the requisites below the kind from the title and the text."""
    for index, text in enumerate(texts[1:], start=1):
        if _TITLE.match(text) or (_PREAMBLE.match(text) and index > 1 and not _BODY_LINE.match(text)):
            return list(texts[1:index]), list(texts[index:])
    return list(texts[1:]), []


_BODY_LINE: Final = re.compile(r"(?:министерств|департамент|управлени|администраци)\w*\s.{0,120}(?<![:.;])$", re.IGNORECASE)


def _issuer(before: Sequence[str], rest: str, head: Sequence[str], mentions: str) -> str:
    if before:
        skip = re.compile(r"российская федерация|приложение|проект|герб|\(.*\)$|зарегистрирован|инн|тел|почт|документ", re.IGNORECASE)
        lines = [text for text in before if not skip.match(text) and not _DATE.search(text) and not re.search(r"\d{3}", text)]
        name = " ".join(" ".join(lines[-6:]).split())
        name = re.sub(r"\s*\([А-ЯЁ-]{2,}\)\s*$", "", name).strip(" ,")
        if name:
            return _ordinary(name, mentions)
    found = _GENITIVE_KIND.match(f"приказ {rest} от ") if rest else None
    if found and found["issuer"] and not re.match(r"\d|№|от\b", found["issuer"]):
        return _ordinary(found["issuer"], mentions, genitive=True)
    bodies: list[str] = []
    for text in head:
        if _DATE.search(text) or _NUMBER.search(text):
            break
        if any(text.lower().startswith(stem) for stem, _ in _BODY) or bodies:
            bodies.append(text)
    return _ordinary(" ".join(bodies), mentions, genitive=True) if bodies else ""


def _ordinary(name: str, mentions: str, *, genitive: bool = False) -> str:
    """Give a name set in capitals as the text itself writes it elsewhere, else as it stands."""
    if name.upper() != name:
        return body_name(name) if genitive else name
    words = name.split()
    pattern = r"\s+".join(re.escape(words[0][:-1]) + r"\w{0,3}" if i == 0 else re.escape(word) for i, word in enumerate(words))
    found = re.search(rf"(?<!\w){pattern}(?!\w)", _without_capitals(mentions), re.IGNORECASE)
    if not found:
        return body_name(name).upper() if genitive else name
    return body_name(found[0][:1].upper() + found[0][1:])


def _without_capitals(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line.upper() != line)


def _place(head: Sequence[str]) -> str:
    for text in head:
        for part in text.split("\t"):
            bare = _NUMBER.sub(" ", _DATE.sub(" ", part)) if part != text or not _PLACE.fullmatch(part.strip()) else part
            bare = re.sub(r"\b(?:от|года?|г\.)(?=\s|$)(?!\s*[А-ЯЁ])|_+", " ", bare).strip(" .,№")
            bare = re.sub(r"^(?:от|года?)\s+", "", bare)
            if _PLACE.fullmatch(bare) and len(bare) < 50 and not _KIND_LINE.fullmatch(bare) and not _body_word(bare):
                return " ".join(bare.split())
    return ""


def _body_word(text: str) -> bool:
    return any(text.lower().startswith(stem) for stem, _ in _BODY)


def _title(body: Sequence[str], rest: str) -> tuple[str, list[str]]:
    """Take the heading «Об утверждении …» with its further lines; gives it and the text below."""
    quoted = re.search(r"[«\"](Об?\s.+)[»\"]\s*$", rest)
    if quoted and not (body and _TITLE.match(body[0])):
        return quoted[1], list(body)
    if not body or not _TITLE.match(body[0]):
        return "", list(body)
    title, index = body[0], 1
    while index < len(body):
        text = body[index]
        if _PREAMBLE.match(text) and (text[:1].isupper() or text[:1].isdigit()) or _ORDERS.search(text):
            break
        if _CLAUSE.match(text) or _APPROVED.match(text) or text.endswith(":") or len(text) > 150 and len(title) > 60:
            break
        title = join(title, text)
        index += 1
    quotes = title[:1] in "«\"“" and title[-1:] in "»\"”" and len(re.findall(r"[«\"“]", title)) == 1
    return (title[1:-1] if quotes or title[:1] == '"' and title.count('"') == 2 else title).strip(), list(body[index:])


def _clauses(body: Sequence[str]) -> tuple[list[str], list[str]]:
    """Gather numbered clauses with their sub-clauses; gives their texts and the lines that follow the last."""
    clauses: list[str] = []
    rest: list[str] = []
    opened = False
    for index, text in enumerate(body):
        found = _CLAUSE.match(text)
        top = found is not None and "." not in found["number"]
        if found and top and int(found["number"]) == len(clauses) + 1 and not rest:
            clauses.append(found["text"].strip())
            opened = True
        elif found and not top and clauses and not rest:
            clauses[-1] += "\n" + text
        elif clauses and not rest and not _ends(clauses[-1], text):
            clauses[-1] = _continue(clauses[-1], text)
        elif opened or clauses:
            rest.append(text)
        elif _ORDERS.search(text) and not any(_CLAUSE.match(later) for later in body[index + 1 :]):
            return _unnumbered(body[index + 1 :])
    if clauses:
        return clauses, rest
    return _unnumbered(body[1:] if body and body[0].endswith(":") else body)


def _unnumbered(body: Sequence[str]) -> tuple[list[str], list[str]]:
    """Read clauses without numbers: each paragraph one, until the signature."""
    clauses: list[str] = []
    for index, text in enumerate(body):
        signed = name_in(text) and len(text) < 160 and not re.search(r"[.;]$", text) and not text[:1].islower()
        if (signed or _short_post(text)) and clauses and re.search(r"[.;]$", clauses[-1]):
            return clauses, list(body[index:])
        if clauses and text[:1].islower():
            clauses[-1] = join(clauses[-1], text)
        elif re.match(r"[А-ЯЁ]", text) and not _APPROVED.match(text):
            clauses.append(text)
    return [clause for clause in clauses if not _PREAMBLE.match(clause) or clause.startswith("Утверд")], []


def _short_post(text: str) -> bool:
    return len(text) < 90 and not text.endswith((".", ";", ":", ",")) and text[:1].isupper()


def _ends(clause: str, text: str) -> bool:
    """Tell whether a line below a clause belongs to it no more: the clause is complete and a signature may begin."""
    complete = re.search(r"[.;!»]$", clause) is not None and not re.search(r"\s[А-ЯЁ]\.$", clause)
    if not complete:
        whole = name_in(clause[-60:]) is not None and clause.rstrip(".").endswith(tuple("абвгдежзийклмнопрстуфхцчшщъыьэюя"))
        return whole and text[:1].isupper() and _short_post(text)
    return text[:1].isupper() or bool(re.match(r"[А-ЯЁ]\.|_+", text))


def _continue(clause: str, text: str) -> str:
    if re.match(r"[-–—•]\s|[а-я]\)", text):
        return f"{clause}\n{text}"
    head, _, last = clause.rpartition("\n")
    return f"{head}\n{join(last, text)}" if head else join(last, text)


def _signatory(lines: Sequence[str]) -> Person:
    """Read the post and the name under the text; the name may stand on a line of its own."""
    gathered: list[str] = []
    for text in lines[:8]:
        if _APPROVED.match(text) or re.match(r"(?:исп\b|исполнитель|тел\b|с приказом|ознаком|рассылка|верно)", text, re.IGNORECASE):
            break
        gathered.append(" ".join(text.replace("_", " ").split()))
        if name_in(gathered[-1]):
            return person(" ".join(gathered))
    return Person()


def _controller(clauses: Sequence[str], signatory: Person) -> Person:
    for clause in reversed(clauses):
        found = controller(clause)
        if found is None:
            continue
        if not found.position and not found.name and re.search(r"собой|на себя", found.text):
            return Person(signatory.position, signatory.name, found.text)
        return found
    return Person()


