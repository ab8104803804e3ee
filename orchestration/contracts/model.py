"""What a contract is made of.

Lives here: frozen data classes. Does not: any fact about any source (its own module), nor any reading (readers).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal

Type = Literal[
    "text", "integer", "money", "price", "quantity", "rate", "number", "date", "timestamp", "boolean", "json"
]
"""money, price, quantity, rate and number are DECIMAL(38,12); json is text that must parse as JSON; timestamps are UTC."""

Kind = Literal["provider", "crm", "erp", "operations", "people", "reference"]
"""What a source tells about; sources are listed in this order."""

_OWNERS: dict[Kind, str] = {"crm": "sales_operations", "erp": "finance_lead", "provider": "provider_manager"}
"""The role that answers for what such a source sends, in the words of the checklists."""

DECIMALS = frozenset({"money", "price", "quantity", "rate", "number"})


@dataclass(frozen=True)
class Column:
    """One column of one table, in the sender's normalised words (snake_case)."""

    name: str
    type: Type = "text"
    required: bool = False
    """The column must be in the file and every row must have a value."""
    may_be_blank: bool = False
    """A required column whose rows may still be empty: what such a row means is decided further down, not refused here."""
    one_of: tuple[str, ...] = ()
    """The only values allowed, compared without case; empty means any."""
    aliases: tuple[str, ...] = ()
    """Other normalised header names under which senders deliver this column."""
    absent_means: str | None = None
    """The documented value of every row when the whole column is missing; reported, never silent."""
    note: str = ""
    """Source and date of a rule that is not obvious."""

    @property
    def needs_value(self) -> bool:
        """Whether a row without a value is refused."""
        return self.required and not self.may_be_blank


@dataclass(frozen=True)
class Table:
    """One table that a source delivers. Asset key, dbt source and lake folder are all `source/name`."""

    source: str
    name: str
    grain: str
    """What one row is. The staged model repeats it with the key for dbt's readers; a test holds them equal."""
    stage: int
    """Value-chain stage, 1 to 6."""
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    """Columns that together must be unique; empty where the provider has no safe natural key."""
    amount: str | None = None
    """The money column summed for delivery totals."""
    currency: str | None = None
    """The column that names the currency of `amount`."""
    period_from: str | None = None
    """The column whose month is compared with the delivery folder: a date, a timestamp, or text 'YYYYMM'."""
    nulls: tuple[str, ...] = ()
    """Words that mean NULL in this sender's text files, besides the empty cell."""
    date_order: Literal["YMD", "DMY", "MDY"] = "YMD"
    """How this sender writes dates when no dialect is declared. ISO dates are always understood."""

    @property
    def id(self) -> str:
        """`source__name`: the relation's name in the warehouse's raw schema."""
        return f"{self.source}__{self.name}"

    def column(self, name: str) -> Column:
        """The column called `name`; KeyError when the contract has none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.id} has no column {name!r}")

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True)
class Source:
    """One sender, delivered as one folder per close period and replaced as a whole."""

    name: str
    title: str
    kind: Kind
    tables: tuple[Table, ...]
    carries_forward: bool = False
    """Whether a period without a delivery may use the latest earlier one, flagged stale (customers, contracts, rates)."""
    manifest: Literal["none", "aws", "graph", "cuadre"] = "none"
    docs: tuple[str, ...] = field(default=())
    """Where the format is documented, with dates."""

    @property
    def owner(self) -> str:
        """The role that answers for what this source sends."""
        return _OWNERS.get(self.kind, "data_team")

    @property
    def contract_sha256(self) -> str:
        """Hash of what this source promises: another one whenever a delivery must be read anew."""
        return hashlib.sha256(repr(self.tables).encode()).hexdigest()
