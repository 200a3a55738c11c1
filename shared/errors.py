"""Refusals: what a service raises when a rule says no. Interfaces turn them into answers, never the other way round."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shared.text.json_pointer import clip


class Refusal(Exception):
    """A request understood and refused. Subclasses stand beside the service that raises them.

    code: stable machine name. status: the HTTP status it means. title: the kind of refusal, same for every case.
    Both texts are in the language of whoever is served: English below /api/v1, where none is activated.
    The message (`detail`) names this case; `data` holds what a client can act on, as `members` says: name and type of
    each, a list of one type, an object by its own members; a name with "?" may be missing. OpenAPI and the clients are
    made of it.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    title: ClassVar[str | Promise] = _("Refused")
    members: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, detail: str = "", **data: Any) -> None:
        self.detail = detail or str(self.title)
        super().__init__(self.detail)
        self.data = data


# Who sends a hundred faults learns nothing from the next ones, and an answer must not outgrow what was sent.
MAX_FAULTS = 100
MAX_TEXT = 1_000  # characters that one fault may say


class InvalidInput(Refusal):
    """Input that no rule accepts; `errors` is a list of {pointer, code, detail}, one for each of the first MAX_FAULTS
    faults. `more`: how many there are besides those given."""

    code = "invalid"
    status = 400
    title: ClassVar[str | Promise] = _("Invalid input")

    def __init__(self, *faults: tuple[str, str, str], detail: str = "", more: int = 0) -> None:
        named = [(pointer, code, clip(text, MAX_TEXT)) for pointer, code, text in faults[:MAX_FAULTS]]
        errors = [{"pointer": pointer, "code": code, "detail": text} for pointer, code, text in named]
        texts = [text for _, _, text in named] + and_more(more + len(faults) - len(named))
        super().__init__(detail or "; ".join(texts), errors=errors)


def and_more(count: int) -> list[str]:
    """What follows the faults that are named, if anything does."""
    return [ngettext("and %(count)d more", "and %(count)d more", count) % {"count": count}] if count else []


class NotFound(Refusal):
    code = "not_found"
    status = 404
    title: ClassVar[str | Promise] = _("Not found")


class StaleVersion(Refusal):
    """The caller changed a row by a version that is no longer the current one."""

    code = "stale_version"
    status = 412
    title: ClassVar[str | Promise] = _("The record has changed since you read it")
    members: ClassVar[Mapping[str, Any]] = {"version?": int}


class Unavailable(Refusal):
    """The database stayed away or in conflict; the same request may be sent again."""

    code = "unavailable"
    status = 503
    title: ClassVar[str | Promise] = _("Temporarily unavailable")
    retry_after_seconds = 2
