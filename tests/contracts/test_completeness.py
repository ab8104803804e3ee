"""Every source has all its rooms. A new provider starts with its contract; what fails here names the next missing piece."""

from __future__ import annotations

import pytest

from expectations.words.labels import TABLES as LABELS
from orchestration.contracts import SOURCES
from orchestration.settings import PROJECT, dbt_project, samples

TABLES = [table for source in SOURCES.values() for table in source.tables]
PROVIDERS = [source for source in SOURCES.values() if source.kind == "provider"]
CHARGING = [source for source in PROVIDERS if source.name not in {"provider_invoices", "meters"}]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.id)
def test_every_table_has_a_staging_model(table) -> None:
    model = dbt_project() / "models/staging" / table.source / f"stg_{table.id}.sql"
    assert model.exists(), f"write {model.relative_to(PROJECT)}: our words for the columns of {table.id}"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.id)
def test_every_table_has_a_name_in_three_languages(table) -> None:
    assert table.id in LABELS, f"write what readers call {table.id}: a line in expectations/words/labels.py"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.id)
def test_every_table_belongs_to_a_stage_of_the_value_chain(table) -> None:
    assert table.stage in range(1, 7)


@pytest.mark.parametrize("source", CHARGING, ids=lambda source: source.name)
def test_every_provider_reaches_the_focus_floor(source) -> None:
    models = dbt_project() / "models/focus"
    readers = [file.name for file in models.glob("*.sql") if f"stg_{source.name}__" in file.read_text()]
    assert readers, (
        f"write {models.relative_to(PROJECT)}/int_focus__<provider>.sql: what the charges of {source.name} mean in FOCUS"
    )


@pytest.mark.parametrize("model", ["staging/gate_raw_totals", "focus/gate_conservation"])
@pytest.mark.parametrize("source", CHARGING, ids=lambda source: source.name)
def test_the_rows_and_money_of_every_provider_are_counted(source, model: str) -> None:
    text = (dbt_project() / f"models/{model}.sql").read_text()
    assert f"totals('{source.name}'" in text or f"{source.name.split('_')[0]}_file_totals(" in text, (
        f"write one line in models/{model}.sql: the rows and the money that {source.name} delivered"
    )


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda source: source.name)
def test_every_source_has_a_bundled_sample(source) -> None:
    found = [*samples().glob(f"inbox/{source.name}/*/*"), *samples().glob(f"formats/{source.name}/*")]
    assert found, (
        f"bundle a sample: data/samples/inbox/{source.name}/<YYYY-MM>/… or data/samples/formats/{source.name}/…"
    )
