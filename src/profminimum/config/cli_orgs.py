"""What the command line does with organisations: import the registry of schools from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from profminimum.orgs import permissions, services
from profminimum.orgs.models import Kind, Organisation
from profminimum.orgs.registry import UnreadableError
from profminimum.web import clock

if TYPE_CHECKING:
    from datetime import date, datetime


@click.group()
def orgs() -> None:
    """Organisations of the region."""


@orgs.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "write", is_flag=True, help="Write the changes; without it they are only shown.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d", "%d.%m.%Y"]), help="The day from which the changes hold: today."
)
@click.option("--region", "code", help="The code of the region, when there are several.")
def import_(file: Path, *, write: bool, on: datetime | None, code: str | None) -> None:
    """Show what a registry of schools (XLSX, ODS or CSV) would change, or apply it."""
    region = _region(code)
    day = on.date() if on else clock.today()
    content = file.read_bytes()
    try:
        seen = services.preview(content, file.name, region=region, on=day)
    except UnreadableError as error:
        raise click.ClickException(str(error)) from error
    for mistake in seen.mistakes:
        click.echo(str(mistake), err=True)
    if seen.more_mistakes:
        click.echo(_("And %d more mistakes.") % seen.more_mistakes, err=True)
    if seen.mistakes:
        raise click.ClickException(_("Nothing has been changed. Correct the file and try again."))
    click.echo(summary(seen, day))
    if not write or seen.is_empty:
        return
    try:
        services.import_registry(content, file.name, region=region, on=day, by=None, at=clock.now())
    except ValidationError as error:
        raise click.ClickException("\n".join(error.messages)) from error
    click.echo(_("Applied."))


@orgs.command("permissions")
def permissions_() -> None:
    """Print the page docs/permissions.md: which role may do what where."""
    with translation.override("en"):
        click.echo(permissions.page(), nl=False)


def summary(seen: services.Preview, on: date) -> str:
    """One paragraph: how many would be opened, changed, closed and left."""
    if seen.is_empty:
        return _("No changes.")
    parts = (
        ngettext("%d to be opened", "%d to be opened", len(seen.openings)) % len(seen.openings),
        ngettext("%d to be changed", "%d to be changed", len(seen.changes)) % len(seen.changes),
        ngettext("%d to be closed", "%d to be closed", len(seen.closings)) % len(seen.closings),
        ngettext("%d unchanged", "%d unchanged", seen.unchanged) % seen.unchanged,
    )
    return _("From %s: ") % on.strftime("%d.%m.%Y") + ", ".join(parts) + "."


def _region(code: str | None) -> Organisation:
    found = list(Organisation.objects.filter(kind=Kind.REGION, **({"code": code} if code else {}))[:2])
    if not found:
        raise click.ClickException(_("There is no such region. Open it first."))
    if len(found) > 1:
        raise click.ClickException(_("There are several regions: name one by --region and its code."))
    return found[0]
