"""The gates: checklists judged by Great Expectations inside DuckDB.

Lives here: the bridge to Great Expectations, the verdict, the gate table and the Data Docs. Does not: any rule; those
are in `expectations/`, one module per floor. Importing this package does not import Great Expectations.
"""

from orchestration.quality.docs import build_data_docs
from orchestration.quality.items import forget_items, gate_passed, kept_items, load_items, raw_judged, write_items
from orchestration.quality.judge import judge
from orchestration.quality.model import SEVERITIES, Item, ItemResult, Suite, Verdict
from orchestration.quality.page import write_pages

__all__ = [
    "SEVERITIES",
    "Item",
    "ItemResult",
    "Suite",
    "Verdict",
    "build_data_docs",
    "forget_items",
    "gate_passed",
    "judge",
    "kept_items",
    "load_items",
    "raw_judged",
    "write_items",
    "write_pages",
]
