import pytest
from django.db import DatabaseError, connection, transaction

from profminimum.journal.models import Entry
from profminimum.web import clock


@pytest.fixture
def entry(db: None) -> Entry:
    return Entry.objects.create(
        at=clock.now(), action="user.signed_in", object_type="orgs.user", object_id=1, subject="x"
    )


def test_an_entry_is_never_changed(entry: Entry) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(reason="later")
    entry.refresh_from_db()
    assert entry.reason == ""


def test_an_entry_is_never_deleted(entry: Entry) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM journal_entry")
    assert Entry.objects.filter(pk=entry.pk).exists()
