"""The zip archive that a workbook is: what is in it, and how much of it may be unpacked."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from exchange.reading.table import MAX_UNPACKED_BYTES, Unreadable
from exchange.reading.xlsx.xml_stream import BadXml, XmlStream

MAX_PARTS = 2_000
_MAX_KEPT_BYTES = 80 * 1024 * 1024
_PIECE = 64 * 1024
_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, BadXml)
# What else comes in a zip: the name of a part, what it is, and what to do.
_OTHERS = (
    ("xl/workbook.bin", "XLSB"),
    ("Index/Document.iwa", "Numbers"),
    ("Index.zip", "Numbers"),
    ("word/document.xml", "Word"),
    ("ppt/presentation.xml", "PowerPoint"),
)


class Archive:
    """Raises Unreadable for what is no workbook, or would unpack to more than can be read."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
            parts = self._zip.infolist()
        except _BROKEN as error:
            raise damaged(error) from error
        names = {part.filename for part in parts}
        kept = max((part.file_size for part in parts if "worksheets/" not in part.filename), default=0)
        _check_size(len(parts), sum(part.file_size for part in parts), kept)
        self._refuse_others(names)
        # Programs do not agree on capitals and slashes in the names of parts.
        self._parts = {_plain_name(part.filename): part for part in parts}
        if any(part.flag_bits & 1 for part in parts):
            raise Unreadable(_("The file is protected with a password. Save it without one."))

    def _refuse_others(self, names: set[str]) -> None:
        text = _("This is a file of the format %(format)s. Open it and save it as XLSX or CSV.")
        for name, file_format in _OTHERS:
            if name in names:
                raise Unreadable(text % {"format": file_format})
        if "mimetype" in names and "content.xml" in names:
            raise Unreadable(text % {"format": "ODS (OpenDocument)"})

    def has(self, name: str) -> bool:
        return _plain_name(name) in self._parts

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a part. Raises Unreadable when it is broken."""
        try:
            with self._zip.open(self._parts[_plain_name(name)]) as part:
                while piece := part.read(_PIECE):
                    yield piece
        except KeyError as error:
            raise damaged(error) from error
        except _BROKEN as error:
            raise damaged(error) from error

    def relations(self, name: str) -> list[tuple[str, str, str]]:
        """(id, type, part) of what a part points at; "" is the archive itself."""
        folder, base = posixpath.split(name)
        found: list[tuple[str, str, str]] = []

        def start(element: str, attributes: dict[str, str]) -> None:
            if element == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
                kind = attributes.get("Type", "").rpartition("/")[2]
                found.append((attributes.get("Id", ""), kind, target.lstrip("/")))

        relations = f"{folder}/_rels/{base}.rels"
        if self.has(relations):
            try:
                XmlStream(start=start).read(self.pieces(relations))
            except BadXml as error:
                raise damaged(error) from error
        return found


def _check_size(count: int, unpacked: int, kept: int) -> None:
    """`kept`: bytes of the largest part that is no sheet; texts are held in memory. A part that is larger than it says
    is broken, and is not read on."""
    text = _("The workbook unpacks to more than %(most)s MB, the most that can be read. Save the sheet as CSV.")
    if unpacked > MAX_UNPACKED_BYTES or count > MAX_PARTS:
        raise Unreadable(text % {"most": MAX_UNPACKED_BYTES // 2**20})
    if kept > _MAX_KEPT_BYTES:
        raise Unreadable(text % {"most": _MAX_KEPT_BYTES // 2**20})


def _plain_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()


def damaged(error: Exception) -> Unreadable:
    why = str(error)[:200] or type(error).__name__
    return Unreadable(_("The workbook is damaged: %(error)s. Open it and save it anew.") % {"error": why})
