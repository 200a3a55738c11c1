"""Texts of Kontor's own that are stored: in English, beside the message they were made of, its key and parameters.

The English is what the API, logs and searches see. Pages show the message, in the language of their reader. A text
without one was written by somebody, and is shown as it is. See docs/decisions/stored-texts.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.utils import translation
from django.utils.functional import Promise

Json = dict[str, Any]
# How a parameter that is no plain text is put into words, in the language that is active.
Writer = Callable[[Any], str]
REGISTRY: Final[dict[str, "Message"]] = {}


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence with named places: `key` is stored and never changes, `template` may be worded anew at any time."""

    key: str
    template: str | Promise
    writers: Mapping[str, Writer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.key in REGISTRY:
            raise ValueError(f"Two messages have the key {self.key}.")
        REGISTRY[self.key] = self

    def __call__(self, **parameters: Any) -> "StoredText":
        """What is stored; the parameters are JSON-ready."""
        with translation.override("en"):
            return StoredText(self.render(parameters), self.key, parameters)

    def render(self, parameters: Mapping[str, Any]) -> str:
        """In the language that is active. Raises KeyError where a parameter is missing."""
        words = {name: self.writers.get(name, str)(value) for name, value in parameters.items()}
        return str(self.template) % words


class StoredText(str):
    """The English of a message, which goes wherever a text goes, with the message it was made of."""

    __slots__ = ("message",)
    message: Json

    def __new__(cls, text: str, key: str, parameters: Json) -> "StoredText":
        stored = super().__new__(cls, text)
        stored.message = {"key": key, "parameters": parameters} if parameters else {"key": key}
        return stored


def message_of(text: str) -> Json | None:
    """What is stored beside the text; None beside a colleague's words."""
    return text.message if isinstance(text, StoredText) else None


def show_text(text: str, message: Json | None) -> str:
    """A stored text to read: a message in the reader's language, all else as it was written.

    So is a message that nobody knows any more. A set text from before messages were stored is known by its English.
    """
    if message is None:
        known = _set_texts(len(REGISTRY)).get(text)
        return known.render({}) if known else text
    try:
        return REGISTRY[message["key"]].render(message.get("parameters", {}))
    except (KeyError, TypeError, AttributeError):
        # Stored by another release, or of another shape than ours.
        return text


@cache
def _set_texts(_known: int) -> dict[str, Message]:
    """Messages without parameters by their English; gathered anew when there are more messages than were known."""
    with translation.override("en"):
        return {str(message.template): message for message in REGISTRY.values()}
