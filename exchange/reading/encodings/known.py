"""The encodings that files of spreadsheets, shops and old programs come in."""

import codecs
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Encoding(NamedTuple):
    """`name`: as Python knows it."""

    name: str
    label: str | Promise


_WESTERN, _CENTRAL, _CYRILLIC = _("Western Europe"), _("Central Europe"), _("Cyrillic")
_GREEK, _TURKISH, _HEBREW, _ARABIC, _BALTIC = _("Greek"), _("Turkish"), _("Hebrew"), _("Arabic"), _("Baltic")
_THAI, _VIETNAMESE, _JAPANESE, _KOREAN = _("Thai"), _("Vietnamese"), _("Japanese"), _("Korean")
_CHINESE, _TRADITIONAL = _("Chinese, simplified"), _("Chinese, traditional")

ENCODINGS = tuple(
    Encoding(name, label)
    for name, label in (
        ("utf-8-sig", "Unicode"),
        ("utf-16", "Unicode"),
        ("utf-16-le", "Unicode"),
        ("utf-16-be", "Unicode"),
        ("windows-1250", _CENTRAL),
        ("windows-1251", _CYRILLIC),
        ("windows-1252", _WESTERN),
        ("windows-1253", _GREEK),
        ("windows-1254", _TURKISH),
        ("windows-1255", _HEBREW),
        ("windows-1256", _ARABIC),
        ("windows-1257", _BALTIC),
        ("windows-1258", _VIETNAMESE),
        ("iso-8859-2", _CENTRAL),
        ("iso-8859-15", _WESTERN),
        ("koi8-u", _CYRILLIC),
        ("koi8-r", _CYRILLIC),
        ("cp850", _WESTERN),
        ("cp852", _CENTRAL),
        ("cp857", _TURKISH),
        ("cp866", _CYRILLIC),
        ("cp874", _THAI),
        ("mac-roman", _WESTERN),
        ("mac-latin2", _CENTRAL),
        ("mac-cyrillic", _CYRILLIC),
        ("mac-greek", _GREEK),
        ("mac-turkish", _TURKISH),
        ("shift_jis", _JAPANESE),
        ("euc-jp", _JAPANESE),
        ("gb18030", _CHINESE),
        ("big5", _TRADITIONAL),
        ("euc-kr", _KOREAN),
    )
)
NAMES = tuple(encoding.name for encoding in ENCODINGS)
# What Windows writes under a name is more than the standard of that name has.
_MEANT = {"shift_jis": "cp932", "big5": "cp950", "euc-kr": "cp949"}
BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def codec_of(name: str) -> str:
    """The codec that reads what is called so."""
    return _MEANT.get(name, name)
