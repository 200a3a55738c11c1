"""The Idempotency-Key header (after draft-ietf-httpapi-idempotency-key-header: a bare or a quoted string), and what it
means to every POST: asked again under the same key, a request finds what it did the first time."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.urls import resolve
from rest_framework.request import Request
from rest_framework.response import Response

from shared.api.conditional import retrieved
from shared.api.principal import actor_of
from shared.concurrency.idempotency import Answer, Claim, Done, do_in_steps, do_once
from shared.errors import InvalidInput

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
MAX_LENGTH = 255


class IdempotencyKeyRequired(InvalidInput):
    code = "idempotency_key_required"
    title = "An Idempotency-Key header is required"


def require_idempotency_key(header: str | None) -> str | None:
    """As read_idempotency_key. Raises IdempotencyKeyRequired for a missing one where REQUIRE_IDEMPOTENCY_KEY is on."""
    if header is None and settings.REQUIRE_IDEMPOTENCY_KEY:
        raise IdempotencyKeyRequired((f"#{HEADER}", "required", f"Send an {HEADER} header with every order."))
    return read_idempotency_key(header)


def read_idempotency_key(header: str | None) -> str | None:
    """The key, without its quotes; None when there is none. Raises InvalidInput for a malformed one."""
    if header is None:
        return None
    quoted = header.startswith('"')
    key = header[1:-1] if quoted else header
    is_whole = not quoted or (len(header) >= 2 and header.endswith('"') and '"' not in key)
    if not (is_whole and 1 <= len(key) <= MAX_LENGTH and all("!" <= character <= "~" for character in key)):
        text = f"{HEADER} must be 1 to {MAX_LENGTH} visible ASCII characters, bare or in double quotes."
        raise InvalidInput((f"#{HEADER}", "bad_idempotency_key", text))
    return key


class TakesKeys:
    """A view whose every POST honours a key. The handler's services run in one transaction with it, unless the action
    is named below; whatever is no 2xx leaves nothing, not even the key."""

    # Actions whose services keep the key themselves.
    keeps_keys: ClassVar[frozenset[str]] = frozenset()
    # Actions whose services commit more than once or ask a provider: they go on where an earlier run ended.
    in_steps: ClassVar[frozenset[str]] = frozenset()
    # Actions that a key could not make safer, and why.
    nothing_to_lose: ClassVar[dict[str, str]] = {}

    # Of what the request made: where its answer has no address of its own, so that it can be shown again.
    made: tuple[str, ...] = ()
    # What an action in steps must find its earlier run by.
    key_id: UUID | None = None

    def honour_key(self, request: Request) -> None:
        """Let the handler of this POST run once, if the request names itself."""
        view: Any = self
        if view.action in self.keeps_keys or view.action in self.nothing_to_lose:
            return
        key = read_idempotency_key(request.headers.get(HEADER))
        if key is not None:
            view.post = partial(self._handle_once, view.post, key)

    def show_made(self, request: Request, made: Sequence[str], **kwargs: Any) -> Response:
        """What an earlier request made, where the answer has no address of its own."""
        raise NotImplementedError

    def _handle_once(self, handler: Callable[..., Response], key: str, request: Request, **kwargs: Any) -> Response:
        claim = self._claim_of(request, key, kwargs)
        describe = partial(_describe_answer, self, request)
        view: Any = self
        done: Done[Response]
        if view.action in self.in_steps:

            def go_on(key_id: UUID) -> Response:
                self.key_id = key_id
                return handler(request, **kwargs)

            done = do_in_steps(claim=claim, work=go_on, describe=describe)
        else:
            done = do_once(claim=claim, work=partial(handler, request, **kwargs), describe=describe)
        return self._replay_answer(request, done.answer, kwargs) if done.result is None else done.result

    def _claim_of(self, request: Request, key: str, kwargs: dict[str, Any]) -> Claim:
        principal_id = actor_of(request).principal_id
        assert principal_id is not None  # noqa: S101 - somebody is signed in
        view: Any = self
        route = f"POST {view.basename or type(self).__name__} {view.action}"
        # All of the request: another body, or another row, under the same key is refused and not taken for this one.
        asked = [route, {name: str(value) for name, value in kwargs.items()}, request.data]
        text = json.dumps(asked, sort_keys=True, separators=(",", ":"), default=_as_text)
        return Claim(principal_id, key, route[:100], sha256(text.encode()).hexdigest())

    def _replay_answer(self, request: Request, answer: Answer, kwargs: dict[str, Any]) -> Response:
        made = answer.get("made")
        shown = self.show_made(request, made, **kwargs) if made else _shown_at(request, answer["address"])
        shown.status_code = answer["status"]
        shown[REPLAYED] = "true"
        if location := answer.get("location"):
            shown["Location"] = location
        return shown


def _as_text(value: Any) -> str:
    """A file is what is in it, whatever its name."""
    if not isinstance(value, File):
        return str(value)
    value.seek(0)
    digest = sha256(value.read()).hexdigest()
    value.seek(0)
    return digest


def _describe_answer(view: TakesKeys, request: Request, response: Response) -> Answer | None:
    """What is kept of an answer: where it can be looked up, and nothing of what it says."""
    if not 200 <= response.status_code < 300:
        return None
    location = response.headers.get("Location")
    # An action's address is below that of the row that it answers with.
    address = location or request.path.rstrip("/").rpartition("/")[0]
    kept = {"status": response.status_code, "location": location, "address": address, "made": list(view.made)}
    return {name: value for name, value in kept.items() if value}


def _shown_at(request: Request, address: str) -> Response:
    """The row at this address, as a GET would show it to whoever sent the request. Raises Http404 when it is gone."""
    match = resolve(address)
    view_class: Any = match.func.cls  # type: ignore[attr-defined]
    basename = match.func.initkwargs.get("basename")  # type: ignore[attr-defined]
    return retrieved(view_class, request, match.kwargs, basename=basename)
