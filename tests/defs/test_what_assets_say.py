"""Every asset of the code location says what it is, who answers for it and by which rules it was made; what depends on what is right."""

from __future__ import annotations

from dataclasses import replace

import dagster as dg
import pytest

from orchestration.contracts import SOURCES
from orchestration.definitions import defs
from orchestration.defs.catalogue import GATES, GROUPS
from orchestration.quality.model import OWNERS
from orchestration.warehouse.transform import rules_version

RELEASE = dg.AssetKey(["published", "release"])


@pytest.fixture(scope="module")
def specs() -> dict[dg.AssetKey, dg.AssetSpec]:
    """Every asset that a run can make."""
    return {spec.key: spec for spec in defs.resolve_all_asset_specs() if spec.group_name in GROUPS.values()}


def test_the_code_location_can_be_loaded() -> None:
    dg.Definitions.validate_loadable(defs)


def test_every_asset_has_a_description_an_owner_of_the_checklists_and_kinds(
    specs: dict[dg.AssetKey, dg.AssetSpec],
) -> None:
    assert len(specs) > 100
    for key, spec in specs.items():
        assert spec.description and not spec.description.startswith("dbt model"), key
        assert {owner.removeprefix("team:") for owner in spec.owners} <= set(OWNERS) and spec.owners, key
        assert spec.kinds, key


def test_what_rules_decide_is_versioned_by_the_rules_and_a_raw_table_by_its_contract(
    specs: dict[dg.AssetKey, dg.AssetSpec],
) -> None:
    for key, spec in specs.items():
        source = SOURCES.get(key.path[0])
        is_raw = source is not None and spec.group_name == GROUPS["raw"]
        assert spec.code_version == (source.contract_sha256[:16] if is_raw else rules_version()), key
    vendor = SOURCES["vendor"]
    (table,) = vendor.tables
    other = replace(vendor, tables=(replace(table, columns=table.columns[:-1]),))
    assert other.contract_sha256 != vendor.contract_sha256


def test_a_table_has_the_stage_of_its_contract_and_a_model_that_of_its_yml(
    specs: dict[dg.AssetKey, dg.AssetSpec],
) -> None:
    def stage(*path: str) -> str | None:
        return specs[dg.AssetKey(path)].tags.get("stage")

    assert stage("crm", "contracts") == stage("staging", "stg_crm__contracts") == "2_contract_formalisation"
    assert stage("marts", "fct_leak") == "5_metering_invoicing_and_collection"
    assert stage("cuadre", "close") is None


def test_the_sources_and_the_release_are_overdue_in_the_morning(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    due = {key for key, spec in specs.items() if spec.freshness_policy}
    assert due == {RELEASE} | {dg.AssetKey([s.name, table.name]) for s in SOURCES.values() for table in s.tables}


def test_the_verdicts_for_the_marts_come_after_the_reconciled_floor_and_before_every_mart(
    specs: dict[dg.AssetKey, dg.AssetSpec],
) -> None:
    def before(key: dg.AssetKey) -> set[dg.AssetKey]:
        return {dep.asset_key for dep in specs[key].deps}

    reconciled = {key for key, spec in specs.items() if spec.group_name == GROUPS["reconciled"] and "dbt" in spec.kinds}
    marts = {key for key, spec in specs.items() if spec.group_name == GROUPS["marts"]}
    assert reconciled and before(GATES) == reconciled
    assert all(GATES in before(key) for key in marts)
    assert before(RELEASE) == marts
    assert before(dg.AssetKey(["review", "customer_proposals"])) < reconciled


def test_what_starts_by_itself_says_when_and_what() -> None:
    repository = defs.get_repository_def()
    assert "02:00" in (repository.get_schedule_def("nightly").description or "")
    assert "Each minute" in (repository.get_sensor_def("inbox_changed").description or "")
    job = repository.get_job("close")
    assert job.description and job.tags["team"] in OWNERS
    config = repository.get_top_level_resources()["home"].config_schema.config_type.fields
    assert all(config[name].description for name in ("path", "patience"))


def test_a_raw_table_shows_the_columns_of_its_contract(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    for source in SOURCES.values():
        for table in source.tables:
            assert list(_columns(specs, source.name, table.name)) == list(table.names)
    applied = _columns(specs, "erp", "payment_applications")
    assert (applied["kind"].type, applied["kind"].constraints.nullable) == ("text", False)
    assert applied["kind"].constraints.other[0].startswith("one of cash, withholding")
    assert applied["application_id"].constraints.unique
    assert _columns(specs, "gcp_billing", "lines")["credits"].description == (
        "an export without the column states no credits. A file without the column means []"
    )


def _columns(specs: dict[dg.AssetKey, dg.AssetSpec], *path: str) -> dict[str, dg.TableColumn]:
    schema = specs[dg.AssetKey(path)].metadata["dagster/column_schema"]
    return {column.name: column for column in getattr(schema, "value", schema).columns}


def test_a_model_shows_its_columns_with_the_texts_of_its_yml(specs: dict[dg.AssetKey, dg.AssetSpec]) -> None:
    models = [key.path for key, spec in specs.items() if "dbt" in spec.kinds]
    bare = [
        ".".join(path) for path in models if not all(column.description for column in _columns(specs, *path).values())
    ]

    assert len(models) > 100
    assert bare == []
    assert _columns(specs, "marts", "fct_leak")["is_bridge"].description == "Whether it is a term of R − B."
