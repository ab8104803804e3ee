"""Fixtures that judge a tiny DuckDB, shared with the other tests of checklists."""

from judging import database, item, judge, paths  # noqa: F401  fixtures
