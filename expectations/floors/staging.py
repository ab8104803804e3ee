"""The staging gate: did every row and every cent come through, and does each table make sense on its own?

Lives here: conservation from raw to staging, and putting each table's rules (staging_*.py) into its checklist. Does not:
compare the sides with each other (reconciled).
"""

from __future__ import annotations

from expectations.floors import staging_crm, staging_erp, staging_provider
from expectations.words.labels import TABLES
from expectations.words.table_rule import TableRule
from orchestration.contracts import SOURCES
from orchestration.contracts.model import Source, Table
from orchestration.ground import sql
from orchestration.quality.model import Item, Suite
from orchestration.quality.rules import no_rows

RULES: dict[str, tuple[TableRule, ...]] = staging_crm.RULES | staging_erp.RULES | staging_provider.RULES
"""Business rules by table id."""

_RENAMED = {
    "microsoft_csp_invoice__lines": ("net_cost", "currency"),
    "microsoft_csp_usage__lines": ("net_cost", "currency"),
    "aws_cur__lines": ("unblended_cost", "currency"),
}
"""Amount and currency where staging speaks of them in other words than the sender."""


def suites() -> tuple[Suite, ...]:
    """One checklist per staged table. A table that was not delivered has no row, and that is a fact."""
    return tuple(_suite(source, table) for source in SOURCES.values() for table in source.tables)


def _suite(source: Source, table: Table) -> Suite:
    rules = (_conserved(table), *RULES.get(table.id, ()))
    return Suite(
        floor="staging",
        name=f"staging.{table.id}",
        relation=f"staging.stg_{table.id}",
        items=tuple(
            Item(
                item_id=f"staging.{table.id}.{rule.name}",
                expectation=rule.expectation,
                title_es=rule.title_es,
                title_pt=rule.title_pt,
                title_en=rule.title_en,
                why=rule.why,
                stage=table.stage,
                cause_7m=rule.cause_7m,
                owner_role=rule.owner_role or source.owner,
                severity=rule.severity,
                remedy=rule.remedy,
                priced_by=rule.priced_by,
            )
            for rule in rules
        ),
        source=source.name,
        may_be_empty=True,
    )


def _conserved(table: Table) -> TableRule:
    """Rows, and money per currency, of the raw table against its staged form."""
    amount, currency = _RENAMED.get(table.id, (table.amount, table.currency))
    raw_currency = sql.name(table.currency) if table.currency else "null"
    raw_sum = f'sum("{table.amount}")' if table.amount else "null"
    return TableRule(
        "conserved",
        "block",
        no_rows(
            "select coalesce(a.currency, b.currency) as currency, a.line_count as raw_rows, b.line_count as staging_rows, "
            "a.total as raw_total, b.total as staging_total from "
            f"(select {raw_currency} as currency, count(*) as line_count, {raw_sum} as total "
            f'from raw."{table.id}" group by 1) as a full outer join '
            f"(select {currency or 'null'} as currency, count(*) as line_count, "
            f"{f'sum({amount})' if amount else 'null'} as total from {{batch}} group by 1) as b "
            "on a.currency is not distinct from b.currency "
            "where a.line_count is distinct from b.line_count or a.total is distinct from b.total"
        ),
        f"Cada fila y cada centavo {TABLES[table.id].of_es} llegó a staging",
        f"Cada linha e cada centavo {TABLES[table.id].of_pt} chegou ao staging",
        f"Each row and each cent of {TABLES[table.id].en} reached staging",
        "What is lost here is lost on every floor below.",
        f"Compare raw.{table.id} with the model stg_{table.id}: it must neither filter nor multiply rows.",
        cause_7m="MQ",
        owner_role="data_team",
    )
