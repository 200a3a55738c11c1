"""Files that are no CSV: each is named, and what to do is said."""

import re
from typing import BinaryIO

from django.utils.translation import gettext as _

from exchange.reading.table import Unreadable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1"
_MAGIC = {
    b"%PDF": "PDF",
    b"\x09\x08": "XLS (Excel 5.0)",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"{\\rtf": "RTF",
    b"SQLite format 3": "SQLite",
    b"BEGIN:VCARD": "vCard",
    b"BEGIN:VCALENDAR": "iCalendar",
}
_PACKED = {b"\x1f\x8b": "gzip", b"7z\xbc\xaf": "7z", b"Rar!": "RAR", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
# Shops and banks give such files the ending xls, and Excel opens them.
_MARKUP = re.compile(rb"\s*<(!--|!doctype html|html|head|meta|table|body|style)", re.IGNORECASE)
_JSON = re.compile(rb"\s*[\[{]\s*[\[{\"]")


def refuse_other_formats(file: BinaryIO) -> None:
    """Raises Unreadable for what is known not to be a table in text."""
    file.seek(0)
    begins = file.read(4096)
    text = begins.removeprefix(b"\xef\xbb\xbf")
    if begins.startswith(_OLE):
        raise Unreadable(_what_ole_is(file))
    if packed := next((name for magic, name in _PACKED.items() if begins.startswith(magic)), ""):
        found = _("This is an archive of the format %(format)s. Unpack it, and take the file that is in it.")
        raise Unreadable(found % {"format": packed})
    if name := _name_of_format(begins, text):
        found = _("This is a file of the format %(format)s. Open it and save it as XLSX or CSV.")
        raise Unreadable(found % {"format": name})
    if not text.strip() and not file.read(1):
        raise Unreadable(_("The file is empty."))


def _name_of_format(begins: bytes, text: bytes) -> str:
    if name := next((name for magic, name in _MAGIC.items() if text.upper().startswith(magic.upper())), ""):
        return name
    if _MARKUP.match(text):
        return "HTML"
    if text.lstrip().startswith(b"<?xml"):
        return "XML (Excel 2003)" if b"Excel.Sheet" in begins or b"schemas-microsoft-com:office" in begins else "XML"
    if text.startswith(b"MIME-Version:"):
        return "MHTML"
    return "JSON" if _JSON.match(text) else ""


def _what_ole_is(file: BinaryIO) -> str:
    """Workbooks before 2007, and newer ones with a password, lie in the same kind of archive."""
    file.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in file.read():
        return _("The file is protected with a password. Save it without one.")
    return _("This is an old workbook (XLS, Excel 97-2003). Open it and save it as XLSX or CSV.")
