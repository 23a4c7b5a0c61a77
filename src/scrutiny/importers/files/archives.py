"""Source files as a user has them: single, gzipped, in folders or zip archives; bombs are refused."""

from __future__ import annotations

import gzip
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Self, cast

from scrutiny.errors import Location, Problem, WrongInput, WrongUse
from scrutiny.importers.files.cells import visible

LARGEST = 4 * 2**30
"""Bytes of a source file once unpacked; a national file has some hundred million."""
HIGHEST_RATIO = 200
"""How many times its size a compressed file may become; tables become 5 to 30 times as large."""
_RATIO_FROM = 2**20  # bytes; below, the ratio says nothing: an empty sheet is a few bytes repeated
MOST_MEMBERS = 10_000
"""Files in an archive or a folder."""

_BOMB = "get it from its source again, or unpack it yourself and look inside"


class SourceName(str):
    """What a user would call a source file, or a sheet of it; it knows the file, member of an archive and sheet.

    Such as ``archive.zip: 2020-04/street.csv`` or ``crime.xlsx, sheet Data``, with the path as it was given.
    """

    path: Path
    member: zipfile.ZipInfo | None
    sheet: str
    stamp: tuple[int, int]

    @classmethod
    def of(cls, path: Path, member: zipfile.ZipInfo | None = None, sheet: str = "") -> Self:
        """Name a file, or a member or sheet of it."""
        of_file = f"{path}: {visible(member.filename)}" if member else str(path)
        name = cls(f"{of_file}, sheet {sheet}" if sheet else of_file)
        name.path, name.member, name.sheet, name.stamp = path, member, sheet, stamp(path)
        return name

    def with_sheet(self, sheet: str) -> Self:
        """Name a sheet of this workbook."""
        return self.of(self.path, self.member, sheet)


def stamp(path: Path) -> tuple[int, int]:
    """Give what tells whether a file has changed: when it was written, and its size; zeros if it is gone."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@dataclass(frozen=True)
class SourceFile:
    """A file with data, wherever it is."""

    name: SourceName
    suffix: str
    """Without ``.gz``."""
    open: Callable[[], BinaryIO]
    """Opens it, unpacked. Reading raises WrongInput if it is damaged or a decompression bomb."""

    def __str__(self) -> str:
        return self.name


Given = Path | SourceFile
"""A file, folder or archive that a user named, or a file that was found in one."""


def source_files(given: Sequence[Given], suffixes: Sequence[str]) -> Iterator[SourceFile]:
    """Find the files with some endings among the files, folders and archives that a user named.

    In folders and archives other files are skipped. Raises WrongUse if there is no such file, and WrongInput if a
    file has another ending, a folder or archive has no such file, or an archive is not safe.
    """
    for path in given:
        if isinstance(path, SourceFile):
            if path.suffix in suffixes:
                yield path
            continue
        if not path.exists():
            raise WrongUse(Problem("there is no such file or folder", Location(path), "correct its name"))
        found = False
        for file in _in_folder(path) if path.is_dir() else [path]:
            if _suffix(file.name) in (*suffixes, ".zip"):
                for source in _of_file(file, suffixes):
                    found = True
                    yield source
            elif not path.is_dir():
                ending = f"its name ends in {path.suffix}" if path.suffix else "its name has no ending"
                instead = f"possible endings: {', '.join([*suffixes, '.zip'])}"
                raise WrongInput(Problem(f"this kind of file cannot be read: {ending}", Location(path), instead))
        if not found:
            what = f"this has no file that ends in {' or '.join(suffixes)}"
            raise WrongInput(Problem(what, Location(path), "look inside"))


def all_files(paths: Sequence[Path]) -> Iterator[SourceFile]:
    """Find all files, whatever their endings, in what a user named, each once; raises as `source_files`."""
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise WrongUse(Problem("there is no such file or folder", Location(path), "correct its name"))
        for file in _in_folder(path) if path.is_dir() else [path]:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield from _of_file(file, None)


def _in_folder(folder: Path) -> list[Path]:
    files: list[Path] = []
    for path in folder.rglob("*"):
        if path.is_file() and not path.name.startswith((".", "~$")):
            files.append(path)
        if len(files) > MOST_MEMBERS:
            what = f"there are more than {MOST_MEMBERS:,} files in this folder"
            raise WrongInput(Problem(what, Location(folder), "name the folder that has just the files you mean"))
    return sorted(files)


def _suffix(name: str) -> str:
    path = PurePosixPath(name.lower())
    return PurePosixPath(path.stem).suffix if path.suffix == ".gz" else path.suffix


def _of_file(path: Path, suffixes: Sequence[str] | None) -> Iterator[SourceFile]:
    if path.suffix.lower() == ".zip":
        yield from _members(path, suffixes)
    elif path.suffix.lower() == ".gz":
        yield SourceFile(SourceName.of(path), _suffix(path.name), lambda: _gunzipped(path))
    else:
        if path.stat().st_size > LARGEST:
            raise WrongInput(_too_large(Location(path)))
        yield SourceFile(SourceName.of(path), _suffix(path.name), lambda: path.open("rb"))


def _members(path: Path, suffixes: Sequence[str] | None) -> Iterator[SourceFile]:
    check_archive(path, Location(path))
    with zipfile.ZipFile(path) as archive:
        members = sorted(archive.infolist(), key=lambda member: member.filename)
    for member in members:
        hidden = PurePosixPath(member.filename).name.startswith((".", "~$")) or "__MACOSX/" in member.filename
        wanted = suffixes is None or _suffix(member.filename) in suffixes
        if not member.is_dir() and not hidden and wanted:
            name = SourceName.of(path, member)
            yield SourceFile(name, _suffix(member.filename), partial(_open_member, path, member, name))


def _open_member(path: Path, member: zipfile.ZipInfo, name: str) -> BinaryIO:
    # zipfile reads no further than the size stated in the archive, which `check_archive` has judged.
    with zipfile.ZipFile(path) as archive:
        # The archive stays open until its member is closed.
        stream = cast(BinaryIO, archive.open(member))
    if member.filename.lower().endswith(".gz"):
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    return io.BufferedReader(_Guarded(stream, member.compress_size, Location(name)))


def check_archive(file: Path | BinaryIO, place: Location, largest: int = LARGEST) -> None:
    """Refuse an archive, which an XLSX or ODS file is too, that is not safe; raises WrongInput.

    It must not be damaged, have a password, links or paths outside itself, be a bomb, or have a file of more bytes
    than `largest`.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise WrongInput(Problem("this archive is damaged", place, "get it from its source again")) from None
    if len(members) > MOST_MEMBERS:
        raise WrongInput(Problem(f"this archive holds more than {MOST_MEMBERS:,} files", place, _BOMB))
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in PurePosixPath(name).parts:
            what = f"this archive has a path outside itself, {member.filename!r}"
            raise WrongInput(Problem(what, place, "do not use it: unpacking it could overwrite other files"))
        if stat.S_ISLNK(member.external_attr >> 16):
            what = f"{member.filename!r} in this archive is a link to another file"
            raise WrongInput(Problem(what, place, "pack the file itself"))
        if member.flag_bits & 1:
            what = f"{member.filename!r} in this archive has a password"
            raise WrongInput(Problem(what, place, "unpack it with its password, and import the unpacked file"))
    # All members together as well: in some bombs thousands share the same compressed bytes.
    packed = max(sum(member.compress_size for member in members), 1)
    if isinstance(file, Path):
        packed = min(packed, file.stat().st_size)
    _refuse_bomb(sum(member.file_size for member in members), packed, place)
    for member in members:
        if member.file_size > largest:
            raise WrongInput(_too_large(place, largest))
        _refuse_bomb(member.file_size, member.compress_size, place)


def _refuse_bomb(size: int, packed: int, place: Location) -> None:
    if size > _RATIO_FROM and size > HIGHEST_RATIO * max(packed, 1):
        what = f"this unpacks to more than {HIGHEST_RATIO} times its size, which no table does"
        raise WrongInput(Problem(what, place, _BOMB))


def _too_large(place: Location, largest: int = LARGEST) -> Problem:
    return Problem(f"this is larger than {largest // 2**30} GiB when unpacked", place, "split it")


def _gunzipped(path: Path) -> BinaryIO:
    return io.BufferedReader(_Guarded(cast(BinaryIO, gzip.open(path)), path.stat().st_size, Location(path)))


class _Guarded(io.RawIOBase):
    """Reads a compressed stream until it proves to be a bomb or damaged."""

    def __init__(self, stream: BinaryIO, packed: int, place: Location) -> None:
        self._stream, self._packed, self._place = stream, packed, place
        self._size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        try:
            chunk = self._stream.read(len(buffer))
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error, ValueError) as error:
            what = f"this file is damaged ({error})"
            raise WrongInput(Problem(what, self._place, "get it from its source again")) from None
        self._size += len(chunk)
        if self._size > LARGEST:
            raise WrongInput(_too_large(self._place))
        _refuse_bomb(self._size, self._packed, self._place)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._stream.close()
        super().close()
