"""Which browser do the browser tests drive? The system's own Chromium or Chrome; nothing is downloaded."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


class NoChromiumError(Exception):
    """There is no browser; the message says what to install."""


def executable() -> str:
    """The path of the browser: CHROMIUM when set, else the first one found."""
    for name in (os.environ.get("CHROMIUM", ""), *NAMES):
        found = shutil.which(name) if name else None
        if found:
            return found
    raise NoChromiumError("Chromium is not installed: sudo apt-get install -y chromium")
