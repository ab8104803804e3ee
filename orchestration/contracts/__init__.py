"""What each sender promises to deliver, as pure data: one module per source.

Lives here: the registry, which finds the modules by itself. Does not: reading (readers), judging values (expectations),
meaning (dbt).
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import get_args

from orchestration.contracts.model import DECIMALS, Column, Kind, Source, Table


def _sources() -> dict[str, Source]:
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    found = [module.SOURCE for module in modules if hasattr(module, "SOURCE")]
    kinds = get_args(Kind)
    return {source.name: source for source in sorted(found, key=lambda one: (kinds.index(one.kind), one.name))}


SOURCES: dict[str, Source] = _sources()
"""Every source by the name of its inbox folder: providers first, then CRM, ERP and the rest."""

__all__ = ["DECIMALS", "SOURCES", "Column", "Source", "Table"]
