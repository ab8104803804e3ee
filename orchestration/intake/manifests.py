"""Manifests: the sender's own list of what a delivery is.

Lives here: parsing the three kinds (AWS reports and Data Exports, Microsoft Graph, our `manifest.csv`). Does not: finding
what they list, or checking it (selection).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from orchestration.errors import Fault, InputUnusable
from orchestration.readers.names import DoubledKey, once

LARGEST = 64 * 2**20
"""Bytes of the largest manifest that is parsed."""

COMPRESSION = {"GZIP": ".gz", "ZIP": ".zip", "PARQUET": ".parquet", "NONE": ".csv"}
"""How AWS names a compression, and what the data files then end in."""


@dataclass(frozen=True)
class ListedFile:
    """One file that a manifest lists, and what it says of it."""

    key: str
    manifest: str
    field: str
    line: int | None = None
    rows: int | None = None
    amount: Decimal | None = None
    sha256: str | None = None
    bytes: int | None = None

    def fault(self, reason: str, remedy: str, *, field: str | None = None, value: object = None) -> Fault:
        """A fault at this file's place in the manifest."""
        shown = self.key if value is None else str(value)
        return Fault(self.manifest, reason, remedy, line=self.line, column=field or self.field, value=shown)


@dataclass(frozen=True)
class Manifest:
    """One manifest, parsed."""

    path: Path
    name: str
    kind: str
    """aws, graph or cuadre."""
    files: tuple[ListedFile, ...]
    report: str = ""
    """AWS: whose report this is; several versions of one report are normal, one of them is live."""
    version: str | None = None
    account: str | None = None
    period: str | None = None
    notes: tuple[str, ...] = ()


def is_manifest(path: Path) -> bool:
    """Whether the name is that of a manifest of any kind."""
    return path.name.lower() == "manifest.csv" or path.name.lower().endswith("manifest.json")


def parse(path: Path, name: str) -> Manifest:
    """Read one manifest of any kind.

    Raises:
        InputUnusable: it is not a manifest, or one of its fields does not mean what the format says.
    """
    if path.stat().st_size > LARGEST:
        raise InputUnusable([Fault(name, "is too large for a manifest", "Deliver the list that the sender wrote.")])
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = Fault(name, f"is not UTF-8 text at byte {error.start}", "Deliver the manifest as the sender wrote it.")
        raise InputUnusable([fault]) from None
    if path.suffix.lower() == ".csv":
        return _ours(path, name, text)
    try:
        document = json.loads(text, object_pairs_hook=once)
    except DoubledKey as error:
        fault = Fault(name, str(error), "Ask the sender which value is meant.", column=error.key)
        raise InputUnusable([fault]) from None
    except (ValueError, RecursionError) as error:  # ValueError: also numbers of thousands of digits
        line = getattr(error, "lineno", None)
        fault = Fault(name, "is not valid JSON", "Download it again; it may have been cut off.", line=line)
        raise InputUnusable([fault]) from None
    if isinstance(document, dict) and isinstance(document.get("resourceLocation"), dict):
        document = document["resourceLocation"]  # the export operation's whole answer, saved as it came
    for key, reader in (("reportKeys", _aws), ("dataFiles", _aws), ("blobs", _graph)):
        if isinstance(document, dict) and key in document:
            return reader(path, name, text, document, key)
    remedy = (
        "AWS manifests have reportKeys or dataFiles, Microsoft's have blobs. Rename the file if it is not a manifest."
    )
    raise InputUnusable([Fault(name, "is not a manifest of any known kind", remedy)])


def _aws(path: Path, name: str, text: str, document: dict[str, Any], key: str) -> Manifest:
    listed = _list(document, key, name)
    files = tuple(
        _listed_file(
            name,
            text,
            f"{key}[{i}]",
            item if isinstance(item, str) else _first(item, "path", "key", "name", "location"),
        )
        for i, item in enumerate(listed)
    )
    compression = str(document.get("compression") or "").upper()
    if compression and compression not in COMPRESSION:
        raise InputUnusable(
            [Fault(name, "names an unknown compression", _known(COMPRESSION), column="compression", value=compression)]
        )
    wrong = [file for file in files if compression and not file.key.lower().endswith(COMPRESSION[compression])]
    if wrong:
        reason = f"says its files are {compression}, this one is not"
        raise InputUnusable([file.fault(reason, "Deliver the report as AWS wrote it.") for file in wrong])
    arn = str(document.get("exportArn") or "").split(":")
    report = str(_first(document, "reportName", "exportName", "exportArn") or path.name)
    account = str(document.get("account") or (arn[4] if len(arn) > 4 else "")) or None
    version = _first(document, "assemblyId", "executionId")
    return Manifest(
        path, name, "aws", files, report, version=None if version is None else str(version), account=account,
        period=_period(document, path),
    )  # fmt: skip


def _graph(path: Path, name: str, text: str, document: dict[str, Any], key: str) -> Manifest:
    blobs = _list(document, key, name)
    count = document.get("blobCount", len(blobs))
    if count != len(blobs):
        fault = Fault(
            name, f"says {count} blobs and lists {len(blobs)}", "Download the manifest again.", column="blobCount"
        )
        raise InputUnusable([fault])
    shape = document.get("dataFormat", "compressedJSONLines")
    if str(shape).lower() != "compressedjsonlines":
        remedy = "Microsoft documents compressedJSONLines only; ask for that."
        raise InputUnusable(
            [Fault(name, "names an unknown data format", remedy, column="dataFormat", value=str(shape))]
        )
    files = tuple(
        _listed_file(name, text, f"blobs[{i}].name", _first(blob, "name"), rows=_count(blob, "itemCount", name, i), bytes=_count(blob, "sizeInBytes", name, i))
        for i, blob in enumerate(blobs)
    )  # fmt: skip
    stated = (("eTag", document.get("eTag")), ("created", document.get("createdDateTime")))
    notes = tuple(f"{word} {value}" for word, value in stated if value)
    return Manifest(path, name, "graph", files, version=str(document.get("eTag")), notes=notes)


def _ours(path: Path, name: str, text: str) -> Manifest:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        reader.fieldnames = [(header or "").strip().lower() for header in reader.fieldnames or []]
        if "file" not in reader.fieldnames:
            remedy = "Its header is file,rows,sum_amount,sha256."
            raise InputUnusable([Fault(name, "has no column 'file'", remedy, line=1)])
        listed, faults = each(lambda row: _our_file(row, name, reader.line_num), reader)
    except csv.Error as error:
        fault = Fault(name, f"is not CSV: {error}", "Write one line a file.", line=reader.line_num)
        raise InputUnusable([fault]) from None
    if not listed and not faults:
        faults = [Fault(name, "lists no file", "List the files, or remove the manifest.", line=1)]
    if faults:
        raise InputUnusable(faults)
    return Manifest(path, name, "cuadre", tuple(listed))


def _our_file(row: dict[str, str | None], name: str, line: int) -> ListedFile:
    said = {key: value.strip() for key, value in row.items() if isinstance(value, str)}

    def number(field: str, kind: type, remedy: str) -> Any:
        if not said.get(field):
            return None
        try:
            value = kind(said[field])
        except (ValueError, InvalidOperation):
            value = None
        if value is None or not Decimal(value).is_finite():
            raise InputUnusable([Fault(name, "is not a number", remedy, line=line, column=field, value=said[field])])
        return value

    sha256 = said.get("sha256", "").lower() or None
    if sha256 and not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise InputUnusable(
            [Fault(name, "is not a sha256", "Write 64 hexadecimal digits.", line=line, column="sha256", value=sha256)]
        )
    if not said.get("file"):
        raise InputUnusable([Fault(name, "names no file", "Write the file's name.", line=line, column="file")])
    return ListedFile(
        said["file"], name, "file", line,
        rows=number("rows", int, "Write whole rows without separators."),
        amount=number("sum_amount", Decimal, "Write a decimal point and no thousands separator."),
        sha256=sha256,
    )  # fmt: skip


def _period(document: dict[str, Any], path: Path) -> str | None:
    stated = document.get("billingPeriod")
    start = str(stated.get("start") if isinstance(stated, dict) else stated or "")
    match = re.match(r"(\d{4})-?(\d{2})", start) or re.search(r"BILLING_PERIOD=(\d{4})-(\d{2})", path.as_posix())
    return f"{match[1]}-{match[2]}" if match else None


def _listed_file(name: str, text: str, field: str, key: object, **said: Any) -> ListedFile:
    if not isinstance(key, str) or not key:
        raise InputUnusable([Fault(name, "names no file", "Download the manifest again.", column=field)])
    at = text.find(json.dumps(key)[1:-1])
    return ListedFile(key, name, field, None if at < 0 else text.count("\n", 0, at) + 1, **said)


def _list(document: dict[str, Any], key: str, name: str) -> list[Any]:
    if not isinstance(document[key], list) or not document[key]:
        remedy = "Download it again; remove the manifest if the month truly has no lines."
        raise InputUnusable([Fault(name, "lists no file", remedy, column=key)])
    return document[key]


def _count(blob: object, key: str, name: str, i: int) -> int | None:
    value = _first(blob, key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
        fault = Fault(
            name, "is not a count", "Download the manifest again.", column=f"blobs[{i}].{key}", value=str(value)
        )
        raise InputUnusable([fault])
    return value


def _first(item: object, *keys: str) -> Any:
    return next((item[key] for key in keys if item.get(key) is not None), None) if isinstance(item, dict) else None


def _known(words: Iterable[str]) -> str:
    return f"Known: {', '.join(sorted(words))}."


def each(work: Callable[[Any], Any], items: Iterable[Any]) -> tuple[list[Any], list[Fault]]:
    """Apply `work` to every item, gathering the faults of all instead of stopping at the first."""
    done, faults = [], []
    for item in items:
        try:
            done.append(work(item))
        except InputUnusable as refused:
            faults += refused.faults
    return done, faults
