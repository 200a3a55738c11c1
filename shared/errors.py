"""Refusals: what a service raises when a rule says no. Interfaces turn them into answers, never the other way round."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, ParamSpec, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from shared.text.json_pointer import clip

P = ParamSpec("P")
T = TypeVar("T")


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


class Faults:
    """What several checks of one request refuse, gathered so that one answer names all of it."""

    def __init__(self) -> None:
        self.refusals: list[Refusal] = []

    def gather(self, check: Callable[P, T], *args: P.args, **named: P.kwargs) -> T | None:
        """What the check answers; None where it refused."""
        try:
            return check(*args, **named)
        except Refusal as refusal:
            self.refusals.append(refusal.with_traceback(None))
            return None

    def refuse(self) -> None:
        """Raise what was refused, if anything was."""
        if self.refusals:
            raise in_one(self.refusals)


def in_one(refusals: Sequence[Refusal]) -> Refusal:
    """The refusal with the lowest status, the first of these, whose `errors` name the faults of all."""
    ordered = sorted(refusals, key=lambda refusal: refusal.status)
    if len(ordered) == 1:
        return ordered[0]
    # As what it is: whoever catches one of these refusals gets it, and the members that it promises.
    whole = ordered[0].__class__.__new__(ordered[0].__class__)
    whole.__dict__.update(ordered[0].__dict__)
    errors = [error for refusal in ordered for error in _errors_of(refusal)]
    texts = dict.fromkeys(refusal.detail for refusal in ordered)
    whole.detail = "; ".join([*texts, *and_more(len(errors[MAX_FAULTS:]))])
    whole.args = (whole.detail,)
    whole.data = {**whole.data, "errors": errors[:MAX_FAULTS]}
    return whole


def _errors_of(refusal: Refusal) -> list[dict[str, str]]:
    whole = {"pointer": "", "code": refusal.code, "detail": clip(refusal.detail, MAX_TEXT)}
    errors: list[dict[str, str]] = refusal.data.get("errors", [whole])
    return errors
