"""Copies of datasets' files without what may not be shown, because others may read a workspace."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Mapping
from pathlib import Path

Protection = Mapping[int, tuple[int | None, str]]
"""Line of a file, and the value (None if it is hidden) and symbol shown there instead of its own."""


def copy_protected(source: Path, target: Path, protection: Protection) -> None:
    """Copy the file of a valid dataset; each figure stays on its line."""
    if not protection:
        shutil.copyfile(source, target)
        return
    lines = list(io.StringIO(source.read_bytes().decode("utf-8-sig"), newline=""))
    copied = io.StringIO()
    writer = csv.writer(copied, lineterminator="\n")
    reader = csv.reader(lines, strict=True)
    header: list[str] = []
    before = 0
    for cells in reader:
        header = header or cells
        if before + 1 in protection:
            value, symbol = protection[before + 1]
            shown = {"value": "" if value is None else str(value), "symbol": symbol}
            writer.writerow((dict(zip(header, cells, strict=True)) | shown).values())
        else:
            copied.writelines(lines[before : reader.line_num])
        before = reader.line_num
    target.write_text(copied.getvalue(), encoding="utf-8", newline="")
