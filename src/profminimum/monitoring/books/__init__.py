"""Workbooks that go out to be filled and come back: one for a school, one for an authority with a row per school."""
