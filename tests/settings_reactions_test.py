"""The tests' settings with the reactions of the worker's tests, for real processes."""

from settings_test import *  # noqa: F403 - all of them

JOURNAL_REACTIONS = "reactions_test.REACTIONS"
JOURNAL_TIMERS = "reactions_test.TIMERS"
