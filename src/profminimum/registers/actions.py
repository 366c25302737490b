"""What can happen to registers, as the journal calls it."""

from typing import Final

ACTIONS: Final[dict[str, str]] = {}
