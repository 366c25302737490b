"""How is a row asked for that every request asks for? By a statement that the model layer builds once a process.

Building a statement with its joins anew takes the model layer longer than the database takes to carry it out
(bench/submissions.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model
from django.db.models.query import get_related_populators

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet

M = TypeVar("M", bound=Model)


class _Built(NamedTuple):
    sql: str
    names: list[str]
    start: int
    end: int
    converters: list[tuple[int, list[Callable[..., Any]], Any]]
    populators: list[Any]


class Prebuilt(Generic[M]):
    """One row of `question`, a queryset whose only values are those that `one` gives each time, in their order.

    >>> KEY = Prebuilt(lambda: Key.objects.select_related("user").filter(hash="", revoked=None))
    >>> KEY.one(digest)
    """

    def __init__(self, question: Callable[[], QuerySet[M]]) -> None:
        self._question = question
        self._built: _Built | None = None
        self._model: type[M]

    def one(self, *values: Any) -> M | None:
        """The row for these values, with what the question selects beside it; None when there is none."""
        built = self._built or self._build()
        with connection.cursor() as cursor:
            cursor.execute(built.sql, values)
            found = cursor.fetchone()
        if found is None:
            return None
        row = list(found)
        for place, steps, expression in built.converters:
            for step in steps:
                row[place] = step(row[place], expression, connection)
        made = self._model.from_db(DEFAULT_DB_ALIAS, built.names, row[built.start : built.end])
        for populator in built.populators:
            populator.populate(row, made)
        return made

    def _build(self) -> _Built:
        question = self._question()
        compiler = question.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, _values = compiler.as_sql()
        info = compiler.klass_info
        start, end = info["select_fields"][0], info["select_fields"][-1] + 1
        self._model = question.model
        self._built = _Built(
            sql,
            [column[0].target.attname for column in compiler.select[start:end]],
            start,
            end,
            [
                (place, steps, expression)
                for place, (steps, expression) in compiler.get_converters([one[0] for one in compiler.select]).items()
            ],
            get_related_populators(info, compiler.select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg]  # stubs of Django 6
        )
        return self._built
