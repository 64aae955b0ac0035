"""One block as a Parquet file: the same table always gives the same bytes."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from synaprune.errors import InputError
from synaprune.results.files import digest

ENDING = ".parquet"


def block_bytes(table: pa.Table) -> bytes:
    """Lay a block out as the content of its file."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", write_statistics=True)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def fault(path: Path, sha256: str) -> str:
    """Say what is wrong with a block's file: ``missing``, ``damaged`` or nothing.

    Parameters
    ----------
    path
        The file.
    sha256
        Its hash in the manifest.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return "missing"
    except OSError:
        return "damaged"
    return "" if digest(content) == sha256 else "damaged"


def read_block(path: Path, sha256: str, columns: list[str] | None = None) -> pa.Table:
    """Read a block and check that it is what was written.

    Parameters
    ----------
    path
        The file.
    sha256
        Its hash in the manifest.
    columns
        Which columns; all by default.

    Raises
    ------
    InputError
        The file is missing or is not the one that the manifest describes.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror})") from error
    if digest(content) != sha256:
        raise InputError(f"{path}: damaged, its hash is not the one in the manifest")
    return pq.read_table(pa.BufferReader(content), columns=columns)
