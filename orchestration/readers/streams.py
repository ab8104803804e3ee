"""Bytes out of files: plain, gzip or zip, in blocks, within bounds.

Lives here: decompression that never holds a whole file, and its refusals (truncated, damaged, bomb, climbing names). Does
not: what the bytes say.
"""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from orchestration.errors import Fault, InputUnusable

BLOCK = 1 << 22
BOMB_RATIO = 250
"""A text file that grows more than this is no billing file (measured: real CUR and FOCUS grow 8 to 30 times)."""
BOMB_FLOOR = 64 << 20
"""Small files may grow by any ratio up to this."""
MOST_MEMBERS = 1_000
"""Files in one archive: a month has a few dozen."""

DAMAGED = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError),
)
"""What Python's zip reader raises over an archive that is damaged, encrypted or packed in an unknown way."""

MAGIC = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "a zip archive or workbook",
    b"PAR1": "Parquet",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
}


def refuse(file: str, reason: str, remedy: str, **place: Any) -> InputUnusable:
    """One fault, ready to raise."""
    return InputUnusable([Fault(file, reason, remedy, **place)])


def plain(path: Path, file: str) -> Iterator[bytes]:
    """Blocks of a file that is not compressed."""
    with path.open("rb") as handle:
        while block := handle.read(BLOCK):
            yield block


def gunzipped(path: Path, file: str) -> Iterator[bytes]:
    """Blocks of a gzip file, all its members, decompressed within the bound."""
    bound = Bound(file, path.stat().st_size)
    again = "Fetch the file again; it was cut off in transit."
    inflate = zlib.decompressobj(wbits=31)
    try:
        with path.open("rb") as handle:
            while block := handle.read(BLOCK):
                while block:
                    if inflate.eof:
                        block = block.lstrip(b"\0")  # padding between members is allowed
                        if not block:
                            break
                        inflate = zlib.decompressobj(wbits=31)
                    out = inflate.decompress(block, BLOCK)
                    block = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
                    yield bound.admit(out)
        while not inflate.eof and (out := inflate.decompress(b"", BLOCK)):
            yield bound.admit(out)
    except zlib.error as error:
        raise refuse(file, f"is damaged gzip ({error})", again) from error
    if not inflate.eof:
        raise refuse(file, "is a truncated gzip file: its end is missing", again)


def members(path: Path, file: str) -> list[tuple[str, zipfile.ZipInfo]]:
    """The data files inside a zip, in name order; every name is checked before anything is read."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except DAMAGED as error:
        raise refuse(file, f"is not a readable zip file ({error})", "Fetch the file again.") from error
    for info in infos:
        name = PurePosixPath(info.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in info.filename:
            raise refuse(
                file,
                "holds a name that climbs out of the archive",
                "Ask the sender for a clean archive.",
                value=info.filename,
            )
        if info.flag_bits & 1:
            raise refuse(file, "is encrypted", "Deliver the file without a password.", value=info.filename)
    data = [info for info in infos if not _is_litter(info.filename)]
    if len(data) > MOST_MEMBERS:
        raise refuse(file, f"holds {len(data)} files", f"Deliver at most {MOST_MEMBERS} files in one archive.")
    names = Counter(info.filename for info in data)
    for info in data:
        if names[info.filename] > 1:
            reason = f"holds {names[info.filename]} files of the same name"
            raise refuse(file, reason, "Keep the one that is right and pack it again.", value=info.filename)
        if not info.filename.lower().endswith((".csv", ".txt")):
            raise refuse(
                file, "holds something that is not a CSV file", "Put only .csv files into the zip.", value=info.filename
            )
    if not data:
        raise refuse(file, "holds no CSV file", "Put the .csv file into the zip.")
    return sorted(((info.filename, info) for info in data), key=lambda member: member[0])


def unzipped(path: Path, file: str, info: zipfile.ZipInfo, bound: Bound) -> Iterator[bytes]:
    """Blocks of one member of a zip, decompressed within the bound that all its members share."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(info) as handle:
            while block := handle.read(BLOCK):
                yield bound.admit(block)
    except DAMAGED as error:
        raise refuse(file, f"is a damaged zip file ({error})", "Fetch the file again.", value=info.filename) from error


class Bound:
    """Counts what comes out of a compressed file and stops a bomb."""

    def __init__(self, file: str, compressed: int):
        self.file, self.limit, self.seen = file, max(BOMB_FLOOR, compressed * BOMB_RATIO), 0

    def admit(self, block: bytes) -> bytes:
        """The block, unless it takes the file past its bound."""
        self.seen += len(block)
        if self.seen > self.limit:
            raise refuse(
                self.file,
                f"unpacks to more than {self.limit >> 20} MiB, over {BOMB_RATIO} times its size",
                "If the sender confirms the file, deliver it uncompressed.",
            )
        return block


def _is_litter(name: str) -> bool:
    """What desktop systems slip into archives."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or parts[-1].startswith(".") or parts[-1].lower() in {"thumbs.db", "desktop.ini"}
