"""The house itself: what lies where, which module may know which, and in which direction rows move."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from orchestration.settings import PROJECT, Paths
from orchestration.warehouse import transform

TOP_LEVEL = {
    "pyproject.toml",
    "requirements.lock",
    "README.md",
    "LICENSE",
    "orchestration",
    "dbt_project",
    "data",
    "expectations",
    "tests",
}
OTHERS_FILES = ("data/samples/inbox/", "data/samples/formats/")
FLOORS = ("seeds", "staging", "focus", "reconciled", "marts")
FRAMEWORKS = {
    "dagster": (
        "orchestration/defs/",
        "orchestration/definitions.py",
        "orchestration/host/",
        "orchestration/cli/",
    ),
    "great_expectations": ("orchestration/quality/", "expectations/"),
    "dbt": ("orchestration/warehouse/transform.py",),
    "splink": ("orchestration/close/proposals.py",),
}
ENVIRONMENT = {
    "orchestration/settings.py": "reads it, once",
    "orchestration/warehouse/transform.py": "dbt takes its paths from the environment",
    "orchestration/host/history.py": "Dagster takes the size of a batch of events from the environment",
    "orchestration/host/server.py": "hands it on to the process it starts",
}
# Written in halves, or this file would find itself.
MACHINE_PATHS = [rf"(?<![\w.<]){root}/\w" for root in ("/wo" + "rk", "/ro" + "ot", "/ho" + "me", "/Us" + "ers")]
HOSTS = [
    "pypi" + r"\.org",
    "python" + r"hosted\.org",
    "npm" + r"js\.org",
    "--(extra-)?index" + "-url",
    "raw\\.github" + "usercontent",
]
UNFINISHED = [rf"\b{word}\b" for word in ("TO" + "DO", "FIX" + "ME", r"raise Not" + "ImplementedError")]
EVASIONS = [
    r"mark\.sk" + "ip",
    r"pytest\.sk" + "ip",
    "import" + "orskip",
    "xf" + "ail",
    r"unittest\.mo" + "ck",
    r"import mo" + "ck",
]


@cache
def tracked() -> tuple[str, ...]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached"], cwd=PROJECT, check=True, capture_output=True, text=True
    )
    return tuple(name for name in listing.stdout.split("\0") if name and (PROJECT / name).is_file())


def written_by_us(*suffixes: str) -> Iterator[tuple[str, str]]:
    """Text files of ours, those of one kind or all: what others wrote is theirs to word."""
    for name in tracked():
        path = PROJECT / name
        if name.startswith(OTHERS_FILES) or "LICENSE" in name or (suffixes and path.suffix not in suffixes):
            continue
        try:
            yield name, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            assert path.suffix in {".gz", ".parquet", ".xlsx", ".zip", ".png", ".csv", ".txt"}, (
                f"{name} is neither text nor data"
            )


def findings(patterns: list[str], *suffixes: str) -> list[str]:
    seen = re.compile("|".join(patterns))
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in written_by_us(*suffixes)
        for number, line in enumerate(text.splitlines(), 1)
        if seen.search(line)
    ]


@cache
def imports() -> tuple[tuple[str, str], ...]:
    """(file, imported module) for every import in tracked Python, wherever in the file it stands."""
    found = []
    for name, text in written_by_us(".py"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Import):
                found += [(name, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                package = ".".join(Path(name).with_suffix("").parts[: -node.level]) if node.level else ""
                module = ".".join(part for part in (package, node.module) if part)
                # `from orchestration import close` names a module too.
                found += [
                    (name, f"{module}.{alias.name}" if module in {"orchestration", ""} else module)
                    for alias in node.names
                ]
    return tuple(found)


def imported_from_ours(folder: str, allowed: tuple[str, ...]) -> list[tuple[str, str]]:
    ours = ("orchestration", "expectations")
    return [
        (name, module)
        for name, module in imports()
        if name.startswith(folder)
        and module.split(".")[0] in ours
        and not any(module == a or module.startswith(a + ".") for a in allowed)
    ]


def test_the_top_level_holds_exactly_what_the_design_names() -> None:
    found = {Path(name).parts[0] for name in tracked()}

    assert {name for name in found if not name.startswith(".")} == TOP_LEVEL


def test_no_file_names_a_path_of_a_machine() -> None:
    assert findings(MACHINE_PATHS) == []


def test_no_file_names_an_address_to_download_from() -> None:
    assert findings(HOSTS) == []


def test_nothing_is_left_unfinished() -> None:
    assert findings(UNFINISHED, ".py", ".sql", ".yml", ".toml", ".md") == []


def test_no_test_is_skipped_expected_to_fail_or_run_against_a_stand_in() -> None:
    assert findings(EVASIONS, ".py", ".toml") == []


def test_generated_files_are_not_tracked() -> None:
    kept = [
        name
        for name in tracked()
        if name.startswith("data/") and name != "data/README.md" and not name.startswith("data/samples/")
    ]

    assert kept == []
    assert [name for name in tracked() if re.search(r"uv\.lock$|__pycache__|\.duckdb$|/target/|\.egg-info", name)] == []


def test_the_readme_has_a_line_for_every_dependency() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    readme = (PROJECT / "README.md").read_text(encoding="utf-8").lower()
    names = [re.split(r"[<>=!~\[; ]", line, maxsplit=1)[0].lower() for line in declared]

    assert [name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", readme)] == []


def test_readers_know_contracts_and_errors_only() -> None:
    allowed = ("orchestration.readers", "orchestration.contracts", "orchestration.errors")

    assert imported_from_ours("orchestration/readers/", allowed) == []


def test_the_simulator_shares_no_code_with_what_it_tests() -> None:
    assert imported_from_ours("orchestration/simulator/", ("orchestration.simulator",)) == []


def test_every_import_between_rooms_goes_down_and_none_in_a_circle() -> None:
    held = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"], cwd=PROJECT, capture_output=True, text=True
    )

    assert held.returncode == 0, held.stdout


def test_every_room_has_its_place_in_the_order_and_on_the_map() -> None:
    contract = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (layers,) = [one["layers"] for one in contract["contracts"] if one["type"] == "layers"]
    placed = {room.strip() for layer in layers for room in layer.split("|")}
    ours = PROJECT / "orchestration"
    rooms = {f"orchestration.{file.parent.name}" for file in ours.glob("*/__init__.py")}
    rooms |= {f"orchestration.{file.stem}" for file in ours.glob("*.py") if file.stem != "__init__"} | {"expectations"}
    told = (ours / "README.md").read_text(encoding="utf-8")

    assert placed == rooms
    assert [room for room in sorted(rooms) if f"`{room.removeprefix('orchestration.')}" not in told] == []


@pytest.mark.parametrize("framework", sorted(FRAMEWORKS))
def test_a_framework_is_known_in_its_own_rooms_only(framework: str) -> None:
    product = [(name, module) for name, module in imports() if name.startswith(("orchestration/", "expectations/"))]
    outside = [
        (name, module)
        for name, module in product
        if module.split(".")[0] == framework and not name.startswith(FRAMEWORKS[framework])
    ]

    assert outside == []


def test_the_environment_is_read_in_one_place() -> None:
    readers = {
        name
        for name, text in written_by_us(".py")
        if name.startswith("orchestration/") and re.search(r"os\.environ|os\.getenv", text)
    }

    assert readers <= set(ENVIRONMENT)


@pytest.fixture(scope="module")
def dbt_manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict]]:
    home = tmp_path_factory.mktemp("parse")
    return json.loads(transform.manifest(Paths(home=home, inbox=home / "inbox")).read_text(encoding="utf-8"))


def floor_of(node: dict) -> int:
    """Where a model or seed stands on the staircase."""
    if node["resource_type"] == "seed":
        return 0
    return FLOORS.index(Path(node["original_file_path"]).parts[1])


def test_every_model_stands_on_a_floor_and_reads_only_its_own_floor_or_an_earlier_one(dbt_manifest: dict) -> None:
    nodes = {key: node for key, node in dbt_manifest["nodes"].items() if node["resource_type"] in {"model", "seed"}}
    climbing = [
        f"{node['name']} reads {nodes[parent]['name']}"
        for node in nodes.values()
        for parent in node["depends_on"].get("nodes", [])
        if parent in nodes and floor_of(nodes[parent]) > floor_of(node)
    ]

    assert nodes
    assert climbing == []


def test_only_staging_reads_what_senders_delivered(dbt_manifest: dict) -> None:
    delivered = {key for key, source in dbt_manifest["sources"].items() if source["source_name"] != "cuadre"}
    models = [node for node in dbt_manifest["nodes"].values() if node["resource_type"] == "model"]
    reaching = [node["name"] for node in models if floor_of(node) != 1 and delivered & set(node["depends_on"]["nodes"])]

    # The source `cuadre` is what the pipeline itself knows about the close; nobody sent it.
    assert delivered
    assert reaching == []


def test_no_model_asks_the_clock_or_rolls_dice() -> None:
    restless = [
        r"\bnow\(\)",
        r"\bcurrent_(date|time|timestamp)\b",
        r"\brandom\(\)",
        r"\buuid\(\)",
        r"\bget_current_timestamp\b",
    ]

    assert findings(restless, ".sql") == []


def test_no_amount_is_filled_or_swept_into_a_remainder() -> None:
    assert findings([r"else\s+'(Other|Otros|Outros)'"], ".sql") == []
