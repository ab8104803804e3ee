"""What was refused, laid out for the person who must act on it.

Lives here: the folder `data/rejected/<source>/<period>/<first 12 of the hash>/`. Does not: deciding what is refused, nor
remembering it (ledger).
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from orchestration.errors import Fault
from orchestration.ground.spreadsheets import write_csv
from orchestration.intake.delivery import Delivery
from orchestration.intake.manifests import is_manifest
from orchestration.settings import Paths

COPIED = 64 * 2**20
"""Bytes up to which a refused file is copied; a larger one is only linked, or named by its hash."""

REASONS = 1_000
"""Reasons shown in reason.json; faults.csv has them all."""


def rejected_folder(paths: Paths, refused: Delivery) -> Path:
    """Where the refusal of this content is explained."""
    return paths.rejected / refused.source / refused.close_period / refused.delivery_sha256[:12]


def write(
    paths: Paths,
    refused: Delivery,
    faults: Sequence[Fault],
    failed_rows: Mapping[str, pl.DataFrame] | None = None,
    traceback: str = "",
) -> Path:
    """Write the refusal whole or not at all, in place of an earlier one of the same content.

    Args:
        paths: the data home.
        refused: what was refused.
        faults: every reason, with file, line, column and remedy.
        failed_rows: rows that failed a gate, by a short name; each becomes `failed_rows_<name>.csv`.
        traceback: where the program was, when it met something that it has no sentence for; becomes `traceback.txt`.
    """
    target = rejected_folder(paths, refused)
    draft = paths.scratch / "rejected" / f"{refused.source}-{refused.close_period}-{target.name}.{os.getpid()}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    reason = json.dumps(_reason(refused, faults), indent=2, ensure_ascii=False) + "\n"
    (draft / "reason.json").write_text(reason, encoding="utf-8", errors="backslashreplace")
    if traceback:
        (draft / "traceback.txt").write_text(traceback, encoding="utf-8", errors="backslashreplace")
    columns = ("file", "line", "column", "value", "reason", "remedy")
    write_csv(draft / "faults.csv", columns, ([getattr(fault, name) for name in columns] for fault in faults))
    for name, rows in (failed_rows or {}).items():
        plain = rows.select(pl.all().map_elements(_plain, return_dtype=pl.String)) if rows.height else rows
        write_csv(draft / f"failed_rows_{re.sub(r'[^A-Za-z0-9_-]', '_', name)}.csv", rows.columns, plain.iter_rows())
    for file in refused.files:
        # A provider's JSON manifest may carry an access token, which must not be copied.
        is_secret = is_manifest(Path(file.file)) and file.file.lower().endswith(".json")
        if not is_secret and blame(file.file, faults) is not None:
            _keep(
                paths.inbox / file.file,
                draft / "files" / Path(file.file).relative_to(Path(refused.source) / refused.close_period),
            )
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    draft.replace(target)
    return target


def blame(file: str, faults: Iterable[Fault]) -> Fault | None:
    """The first fault found in a file, or in a member of it when it is an archive."""
    return next((fault for fault in faults if fault.file == file or fault.file.startswith(f"{file}/")), None)


def _reason(refused: Delivery, faults: Sequence[Fault]) -> dict[str, object]:
    return {
        "source": refused.source,
        "period": refused.close_period,
        "origin": refused.origin,
        "delivery_sha256": refused.delivery_sha256,
        "files": [{"file": f.file, "sha256": f.sha256, "bytes": f.bytes} for f in refused.files],
        "faults": len(faults),
        "reasons": [
            {"file": f.file, "line": f.line, "column": f.column, "value": f.value and f.value[:200], "reason": f.reason, "remedy": f.remedy}
            for f in faults[:REASONS]
        ],
        "remedy": sorted({fault.remedy for fault in faults}),
    }  # fmt: skip


def _plain(value: object) -> str | None:
    return None if value is None else str(value)


def _keep(file: Path, to: Path) -> None:
    """Keep the evidence beside its reason, without filling the disk with it."""
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        if file.stat().st_size <= COPIED:
            shutil.copy2(file, to)
        else:
            os.link(file, to)
    except OSError:  # gone or not readable: reason.json names it and its hash
        to.unlink(missing_ok=True)
