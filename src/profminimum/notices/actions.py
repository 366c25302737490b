"""What can happen to notices and letters, as the journal calls it."""

from typing import Final

ACTIONS: Final[dict[str, str]] = {}
