"""Every text that is marked for translation, and the catalogues that must have it."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.architecture.source import PACKAGES, ROOT

LOCALE = ROOT / "locale" / "uk" / "LC_MESSAGES"
_PLURAL, _CONTEXT = (1, 2), ((1, "c"), 2)
_KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_CALL = re.compile(r"""\b(?:n?p?gettext|_)\((?:[^()'"]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")*\)""")
Key = tuple[str | None, str]  # the context, and the text, a plural's singular
Marked = Callable[[], set[Key]]


def marked_in_code() -> set[Key]:
    """In Python files and templates: what belongs into django.po."""
    files = (path for app in PACKAGES for path in (ROOT / app).rglob("*.py"))
    found = {key for path in files for key in _extract("python", path.read_bytes())}
    templates = (path for folder in ("templates", *PACKAGES) for path in (ROOT / folder).rglob("*.html"))
    return found | {key for path in templates for key in _extract("python", _as_python(path))}


def marked_in_scripts() -> set[Key]:
    """In JavaScript: what belongs into djangojs.po."""
    files = (path for app in PACKAGES for path in (ROOT / app).rglob("static/**/*.js"))
    return {key for path in files for key in _extract("javascript", path.read_bytes())}


def catalogue(domain: str) -> Catalog:
    """What stands in the .po file; empty where there is none."""
    path = LOCALE / f"{domain}.po"
    return read_po(BytesIO(path.read_bytes()), locale="uk") if path.exists() else Catalog(locale="uk")


def compiled(domain: str) -> Catalog:
    """What stands in the .mo file, which is what Kontor reads."""
    path = LOCALE / f"{domain}.mo"
    return read_mo(BytesIO(path.read_bytes())) if path.exists() else Catalog(locale="uk")


def domains() -> list[str]:
    return [path.stem for path in LOCALE.glob("*.po")]


def _as_python(template: Path) -> bytes:
    """The calls alone: what Django puts in place of the text around them is no Python."""
    return "\n".join(_CALL.findall(templatize(template.read_text("utf-8")))).encode()


def _extract(method: str, source: bytes) -> Iterator[Key]:
    for _line, message, _comments, context in extract(method, BytesIO(source), keywords=_KEYWORDS):
        text = message if isinstance(message, str) else message[0]
        if text:
            yield context, text
