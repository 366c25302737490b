"""The database itself refuses to change or delete a journal entry.

On SQLite a later migration that alters journal_entry rebuilds the table and loses the triggers:
such a migration must run `guard` again (a test fails otherwise).
"""

from django.db import migrations

SQLITE = [
    f"""CREATE TRIGGER IF NOT EXISTS journal_entry_no_{what} BEFORE {what} ON journal_entry
        BEGIN SELECT RAISE(ABORT, 'journal_entry is append-only'); END"""
    for what in ("update", "delete")
]
POSTGRESQL = [
    """CREATE OR REPLACE FUNCTION journal_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'journal_entry is append-only'; END $$""",
    """CREATE OR REPLACE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
       FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_refuse()""",
]


def guard(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for what in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS journal_entry_no_{what}")
    else:
        schema_editor.execute("DROP FUNCTION IF EXISTS journal_entry_refuse() CASCADE")


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
