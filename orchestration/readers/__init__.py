"""The sender's files as typed Parquet: the only place that touches a format.

Lives here: the way in. Does not: judging whether a delivery is complete or new (intake), or what its rows mean (dbt).
"""

from orchestration.readers.dialect import Dialect, load_dialect
from orchestration.readers.names import normalise
from orchestration.readers.read import UNFORESEEN, FileReport, ReadReport, Unforeseen, read

__all__ = ["UNFORESEEN", "Dialect", "FileReport", "ReadReport", "Unforeseen", "load_dialect", "normalise", "read"]
