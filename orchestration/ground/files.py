"""What a file is, told by its bytes.

Lives here: the hash of a file. Does not: the hash of a delivery or a close, which their own rooms define.
"""

from __future__ import annotations

import hashlib
from pathlib import Path


def sha256_of(file: Path) -> str:
    """The hash of a file's bytes, in hexadecimal.

    Raises:
        OSError: the file cannot be read.
    """
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
