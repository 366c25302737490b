"""The page docs/permissions.md, written from the tables of access.py: `profminimum orgs permissions`."""

from __future__ import annotations

from typing import Final

from profminimum.orgs import access
from profminimum.orgs.access import Reach
from profminimum.orgs.models import Role

_REACH: Final = {
    frozenset({Reach.OWN}): "own",
    frozenset({Reach.BELOW}): "below",
    frozenset({Reach.OWN, Reach.BELOW}): "own + below",
    frozenset({Reach.REGION}): "region",
}
_HEAD: Final = """# Who may do what

Written from `src/profminimum/orgs/access.py` by `profminimum orgs permissions > docs/permissions.md`; a test
compares the two. A person holds a role in an organisation for some days; the right reaches from that
organisation: `own` is itself, `below` what lies under it in the tree, `region` the whole region. Outside one's
scope a page does not exist (404); inside it, without the right, it is refused with the reason (403).

Besides the table: everybody sees the organisations above their own; nobody gives or takes roles of their own;
nobody checks what they have reported themselves; a coordinator checks authorities, schools and branches,
neither the ministry nor the institute.
"""


def page() -> str:
    """The whole Markdown page."""
    return "\n".join([_HEAD, "## Rights", "", *_rights(), "", "## Roles", "", *_kinds(), "", *_gives(), ""])


def _rights() -> list[str]:
    rows = [[f"`{verb}`", *(_REACH.get(grants.get(role, frozenset()), "") for role in Role)]
            for verb, grants in access.GRANTS.items()]  # fmt: skip
    return _table(["right", *(role.value for role in Role)], rows)


def _kinds() -> list[str]:
    rows = [[kind.value, ", ".join(role.value for role in roles)] for kind, roles in access.ROLES_OF.items()]
    return _table(["organisation", "roles that it can have"], rows)


def _gives() -> list[str]:
    rows = [[giver.value, *(_REACH.get(given.get(role, frozenset()), "") for role in Role)]
            for giver, given in access.GIVES.items()]  # fmt: skip
    return _table(["gives and takes", *(role.value for role in Role)], rows)


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]
