"""Kontor is complete in every language it offers, and what is compiled is what was translated."""

import ast
import re
from contextlib import suppress
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings

from tests.architecture import texts
from tests.architecture.source import PACKAGES, modules

_PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")
_MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


def test_every_language_but_english_has_a_catalogue() -> None:
    assert {code for code, _name in settings.LANGUAGES} == {settings.LANGUAGE_CODE, "uk"}
    assert "django" in texts.domains()


@pytest.mark.parametrize(
    ("domain", "marked"), [("django", texts.marked_in_code), ("djangojs", texts.marked_in_scripts)]
)
def test_every_marked_text_is_in_the_catalogue(domain: str, marked: texts.Marked) -> None:
    known = {_key(message) for message in _messages(texts.catalogue(domain))}

    assert sorted(map(str, marked() - known)) == [], "make messages, then translate what is new"


@pytest.mark.parametrize("domain", texts.domains())
def test_every_text_is_translated(domain: str) -> None:
    left = [message.id for message in _messages(texts.catalogue(domain)) if message.fuzzy or not _is_whole(message)]

    assert left == []


@pytest.mark.parametrize("domain", texts.domains())
def test_translations_have_the_placeholders_of_their_texts(domain: str) -> None:
    ready = [message for message in _messages(texts.catalogue(domain)) if _is_whole(message) and not message.fuzzy]
    wrong = [message.id for message in ready if not _keeps_placeholders(message)]

    assert wrong == []


@pytest.mark.parametrize("domain", texts.domains())
def test_the_compiled_catalogue_is_the_translated_one(domain: str) -> None:
    ready = [message for message in _messages(texts.catalogue(domain)) if _is_whole(message) and not message.fuzzy]
    translated = {_key(message): _strings(message) for message in ready}
    compiled = {_key(message): _strings(message) for message in _messages(texts.compiled(domain))}

    assert compiled == translated, "make messages"


def test_texts_are_marked_whole() -> None:
    """A name or number put in before the text is looked up makes it one that no catalogue knows."""
    pieced = [
        f"{module.name}:{call.lineno}"
        for module in modules(*PACKAGES)
        for mark in _MARKS
        for call in module.calls(mark)
        if call.args and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]

    assert pieced == []


def _messages(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def _key(message: Message) -> texts.Key:
    context = message.context.decode() if isinstance(message.context, bytes) else message.context
    return context, message.id if isinstance(message.id, str) else message.id[0]


def _strings(message: Message) -> list[str]:
    found: Any = message.string
    return list(found) if message.pluralizable else [found]


def _is_whole(message: Message) -> bool:
    return all(_strings(message))


def _keeps_placeholders(message: Message) -> bool:
    """A plural's forms need not all say the number: “one row” does not."""
    strings = _strings(message)
    if not message.pluralizable:
        return _placeholders(strings[0]) == _placeholders(str(message.id))
    wanted = set().union(*map(_placeholders, message.id))
    return _placeholders(strings[-1]) == wanted and all(_placeholders(text) <= wanted for text in strings)


def _placeholders(text: str) -> set[str]:
    braces = set()
    if not _PLACEHOLDER.search(text):
        with suppress(ValueError):  # a brace that is nothing but one
            braces = {name for _, name, _, _ in Formatter().parse(text) if name and name.isidentifier()}
    return {name + kind for name, kind in _PLACEHOLDER.findall(text)} | braces
