"""Settings under which the tests and the type checker run: the product's own, in test mode."""

import os

os.environ.setdefault("PROFMINIMUM_MODE", "test")

from profminimum.config.settings import *  # noqa: F403 - the whole point of this file
