"""Parquet and Excel files opened in a process of their own, so that a file on which a library aborts costs that file only.

Lives here: the process, which knows the libraries and nothing of ours, and the way its answers come back. Does not: what
a frame means (columnar, workbook). Run as a script, this file is the process.

A workbook is read there, and its cells come back. A Parquet file is only tried there, a slice at a time and ahead of the reader:
sending its rows through a pipe was measured to cost twice what decoding them again does.
"""

from __future__ import annotations

import atexit
import base64
import contextlib
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Literal, overload

import polars as pl

LARGEST_WORKBOOK = 8 << 30
"""Address space of the process while it reads a workbook, whose cells it holds all at once."""


class ReaderEnded(Exception):
    """The process ended before it had read the file."""

    def __init__(self, code: int):
        name = signal.Signals(-code).name if code < 0 and -code in set(signal.Signals) else ""
        said = f"signal {-code}, {name}" if name else f"exit code {code}"
        super().__init__(f"the reader ended with {said}")


class NotReadable(Exception):
    """What the library said of the file."""


Told = pl.DataFrame | dict[str, Any]
"""A frame of rows, or something about the file, before its rows."""


@overload
def read(kind: Literal["parquet"], path: Path, **asked: Any) -> Iterator[dict[str, Any]]: ...
@overload
def read(kind: Literal["workbook"], path: Path, **asked: Any) -> Iterator[Told]: ...
def read(kind: str, path: Path, **asked: Any) -> Iterator[Any]:
    """What a file of `kind` (parquet, workbook) holds, a piece at a time: facts of Parquet slices, frames of a workbook.

    Raises:
        NotReadable: the library refused the file.
        ReaderEnded: the library took its process down with it.
    """
    process = _take()
    is_whole = False
    try:
        request = json.dumps({"kind": kind, "path": os.fspath(path), **asked})
        requests, _ = _pipes(process)
        requests.write(request.encode() + b"\n")
        requests.flush()
        while True:
            told = _receive(process)
            if isinstance(told, dict) and told.keys() & {"end", "error"}:
                is_whole = True
                break
            yield told
    except BrokenPipeError:
        raise ReaderEnded(process.wait()) from None
    finally:
        _give_back(process) if is_whole else _end(process)
    if "error" in told:
        raise NotReadable(told["error"])


_IDLE: list[tuple[int, subprocess.Popen[bytes]]] = []
"""Processes that wait for a file, each with the process that started it: a fork must not share the pipes."""


def _take() -> subprocess.Popen[bytes]:
    while _IDLE:
        owner, process = _IDLE.pop()
        if owner == os.getpid() and process.poll() is None:
            return process
    command = [sys.executable, "-P", __file__]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)


def _give_back(process: subprocess.Popen[bytes]) -> None:
    _IDLE.append((os.getpid(), process))


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in _pipes(process):
        with contextlib.suppress(OSError):
            pipe.close()
    process.kill()
    process.wait()


@atexit.register
def _end_all() -> None:
    while _IDLE:
        owner, process = _IDLE.pop()
        if owner == os.getpid():
            _end(process)


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    """Where a process of `_take` is asked, and where it answers."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("the reader was started without pipes")
    return process.stdin, process.stdout


def _receive(process: subprocess.Popen[bytes]) -> Told:
    _, answers = _pipes(process)
    head = answers.readline()
    told = json.loads(head) if head.endswith(b"\n") else {"bytes": -1}
    if "bytes" not in told:
        return told
    content = answers.read(told["bytes"]) if told["bytes"] >= 0 else b""
    if len(content) != told["bytes"]:
        raise ReaderEnded(process.wait())
    return pl.read_ipc_stream(io.BytesIO(content))


def _serve(requests: IO[bytes], answers: IO[bytes]) -> None:
    """The process: one file after another, until nobody asks any more."""
    readers = {"parquet": _parquet, "workbook": _workbook}
    for line in requests:
        asked = json.loads(line)
        try:
            for told in readers[asked.pop("kind")](**asked):
                _answer(answers, told)
            _answer(answers, {"end": True})
        except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001  handed over as what it says
            said = str(error).strip().splitlines() or [type(error).__name__]
            _answer(answers, {"error": said[0][:500]})


def _answer(answers: IO[bytes], told: Told) -> None:
    if isinstance(told, pl.DataFrame):
        content = io.BytesIO()
        told.write_ipc_stream(content, compression="uncompressed")
        answers.write(json.dumps({"bytes": content.tell()}).encode() + b"\n")
        answers.write(content.getbuffer())
    else:
        answers.write(json.dumps(told).encode() + b"\n")
    answers.flush()


def _parquet(path: str, rows: int) -> Iterator[Told]:
    lazy, first, height = pl.scan_parquet(path, glob=False), 0, -1
    yield {"columns": len(lazy.collect_schema()), "is_verified": _verified(path, rows)}
    while height:
        height = lazy.slice(first, rows).collect(engine="streaming").height
        if height or not first:
            yield {"rows": height}
        first += height


def _verified(path: str, rows: int) -> bool:
    """Whether each page has a checksum, all of which fit.

    Raises:
        ValueError: one does not fit.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    file: pq.ParquetFile | None = None
    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
        _agrees_with_itself(file)
        if not _has_checksums(path, file.metadata):
            return False
        for _ in file.iter_batches(batch_size=rows):
            pass
    except Disagreement:
        raise
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):  # a type that it does not know: nothing was verified
        return False
    except OSError as error:
        if file is None or "CRC" not in str(error):
            return False
        raise ValueError(f"its bytes are not those that were written: {_unfit(file)}") from None
    return True


class Disagreement(ValueError):
    """A file says one thing twice, and not the same."""


def _agrees_with_itself(file: Any) -> None:
    """The end of a file has no checksum, but says twice how many rows there are, and often where the decimal points stand."""
    import pyarrow as pa

    groups = sum(file.metadata.row_group(at).num_rows for at in range(file.num_row_groups))
    if groups != file.metadata.num_rows:
        raise Disagreement(f"it says that it has {file.metadata.num_rows} rows, its row groups have {groups}")
    written = (file.metadata.metadata or {}).get(b"ARROW:schema")
    if written is None:
        return
    for said in pa.ipc.read_schema(pa.py_buffer(base64.b64decode(written))):
        at = file.schema_arrow.get_field_index(said.name)
        found = file.schema_arrow.field(at).type if at >= 0 else pa.null()
        if pa.types.is_decimal(said.type) and pa.types.is_decimal(found) and said.type.scale != found.scale:
            raise Disagreement(f"it says two things about the decimals of column {said.name!r}")


def _unfit(file: Any) -> str:
    """The first column chunk whose checksum does not fit, found by reading one after the other."""
    columns = file.metadata.row_group(0).num_columns
    for group in range(file.num_row_groups):
        for at in range(columns):
            name = file.metadata.row_group(group).column(at).path_in_schema
            try:
                file.read_row_group(group, columns=[name])
            except OSError:
                return f"a page of column {name!r} in row group {group + 1} does not have its checksum"
    return "a page does not have its checksum"


def _has_checksums(path: str, metadata: Any) -> bool:
    """Whether the first page of every column chunk has a checksum. No library tells, but each page begins with it."""
    with Path(path).open("rb") as handle:
        for group in range(metadata.num_row_groups):
            for at in range(metadata.num_columns):
                handle.seek(metadata.row_group(group).column(at).data_page_offset)
                if not _begins_with_checksum(handle.read(32)):
                    return False
    return metadata.num_row_groups > 0


def _begins_with_checksum(page: bytes) -> bool:
    """A page's header: type, size, size when packed, and then the checksum or not; each a byte 0x15 and a number."""
    at = 0
    for _ in range(3):
        if page[at : at + 1] != b"\x15":
            return False
        at += 1
        while at < len(page) and page[at] & 0x80:  # the number goes on
            at += 1
        at += 1
    return page[at : at + 1] == b"\x15"


def _workbook(path: str, sheet: str | None) -> Iterator[Told]:
    import fastexcel

    _bound_memory()
    book = fastexcel.read_excel(path)
    names = book.sheet_names
    yield {"sheets": names}
    chosen = names[0] if sheet is None and len(names) == 1 else sheet
    if chosen in names:
        yield book.load_sheet(chosen, header_row=None, dtypes="string").to_polars()


def _bound_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # not on every system
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (LARGEST_WORKBOOK, resource.getrlimit(resource.RLIMIT_AS)[1]))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        _serve(sys.stdin.buffer, sys.stdout.buffer)
