"""Versions over HTTP: an ETag on what was read, `If-Match` on what changes it, `If-None-Match` on what is read again
(docs/decisions/etags.md).

The tag of a record that counts its changes is its version: `"3"`; its service checks it under the record's lock. Where
such a record is shown with what is not its own, the tag goes on with a hash of all: `"3-5be…"`; where the caller sees a
part of it alone, with a hash of which. Any other record's tag is a hash of what is shown.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from types import MappingProxyType
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseNotModified
from django.utils.translation import gettext
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from shared.api.entity_tags import parse_tags, strong_tags
from shared.api.rendering import FastJSONRenderer
from shared.concurrency.versions import OneOf
from shared.database.transactions import one_transaction, retry_transaction
from shared.errors import StaleVersion
from shared.metrics.names import CACHE_HITS, CACHE_MISSES
from shared.metrics.recording import add

_TAG = re.compile(r'"(\d{1,18})(-[0-9a-f]{24})?"')
_HASH_BYTES = 12
_KEPT = ("Cache-Control", "Vary")  # of the answer, by a 304
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def etag(version: int, part: Sequence[str] | None = None) -> str:
    """The tag of a record's version; where the caller sees a `part` of the record alone, named so that another part
    has another name, the tag says that, too."""
    tag = f'"{version}"'
    return tag if part is None else _tag_of("\n".join(part).encode(), tag)


def expected_version(request: Request, body_version: int | None = None) -> int | None:
    """The version that the caller read, from If-Match or else from the body; None when it does not care. Of several
    tags any is the one, of weak ones and others' none (`OneOf`).

    Raises ValidationError for an If-Match that is no list of tags.
    """
    sent = getattr(request, "if_match", request.headers.get("If-Match"))  # or what is left of it to look at
    if sent is None or sent.strip() == "*":
        return body_version
    tags = strong_tags(sent)
    if tags is None:
        raise _malformed_tag('Send the version in quotes, as in If-Match: "3".')
    versions = [int(found[1]) for found in map(_TAG.fullmatch, tags) if found]
    if body_version is None or not versions:  # none of the tags is ours: nothing fits, whatever the body says
        return versions[0] if len(versions) == 1 else OneOf(versions, sent)
    if body_version not in versions:
        raise ValidationError({"version": [ErrorDetail("If-Match and version differ.", "contradiction")]})
    return body_version


class TaggedByContent:
    """A view whose single rows have an ETag, and whose every write takes it back in If-Match."""

    # The record counts its changes, but is shown with what is not its own.
    shows_others: ClassVar[bool] = False
    # What is shown is another one each time, so that it has no tag: no If-Match fits.
    tagless: ClassVar[bool] = False

    def honour_if_match(self, request: Request, kwargs: dict[str, Any]) -> None:
        """Let the handler of this write run only if what is shown is still what the caller read."""
        view: Any = self
        sent = request.headers.get("If-Match", "*").strip()
        handler = getattr(view, request.method.lower(), None)  # type: ignore[union-attr]
        if sent == "*" or handler is None or "pk" not in kwargs or not hasattr(view, "retrieve"):
            return
        if not counts_changes(view):
            setattr(view, request.method.lower(), partial(self._if_unchanged, handler, sent))  # type: ignore[union-attr]
        elif self.shows_others and "-" in sent:
            self._check_if_match(request, sent, kwargs)

    def _if_unchanged(self, handler: Callable[..., Response], sent: str, request: Request, **kwargs: Any) -> Response:
        """In one serializable transaction with the look at what is shown: of two writes with one tag, one is stale."""
        view: Any = self

        def attempt(_again: bool) -> Response:
            with one_transaction(serializable=True):
                self._check_if_match(request, sent, kwargs)
                return handler(request, **kwargs)

        # What goes in steps commits several times and may ask a provider: no transaction can be around it.
        if view.action not in view.in_steps:
            return retry_transaction(attempt, name="if_match")
        self._check_if_match(request, sent, kwargs)
        return handler(request, **kwargs)

    def _check_if_match(self, request: Request, sent: str, kwargs: dict[str, Any]) -> None:
        """Raise StaleVersion unless the tag in If-Match is that of the row as it is shown now."""
        tags = strong_tags(sent)
        if tags is None:
            raise _malformed_tag("Send the ETag that you read, with its quotes.")
        shown = retrieved(type(self), request, kwargs, basename=getattr(self, "basename", None))
        content = FastJSONRenderer().render(shown.data)
        if not self.tagless and _tag_of(content, shown.get("ETag", "")) in tags:
            return
        # A version alone is compared by the service, under its lock.
        versions = [tag for tag in tags if self.shows_others and "-" not in tag]
        if not versions:
            raise StaleVersion(gettext("It has changed since you read it."))
        request.if_match = ", ".join(versions)  # type: ignore[attr-defined]


def counts_changes(view: Any) -> bool:
    """Whether the view's record has a version of its own."""
    return any(field.name == "version" for field in view.queryset.model._meta.fields)


def retrieved(view_class: type[Any], request: Request, kwargs: Mapping[str, Any], *, basename: str | None) -> Response:
    """What a GET of the row would answer whoever sent the request. Raises Http404."""
    view = view_class(basename=basename)
    view.request, view.args, view.kwargs, view.format_kwarg = request, (), kwargs, None
    view.action = "retrieve"
    response: Response = view.retrieve(request, **kwargs)
    response.tagged_by = view_class  # type: ignore[attr-defined]
    return response


def tag_answer(request: Request, response: Response) -> HttpResponse | None:
    """After rendering a single row (`tagged_by` names its view): its tag, and 304 instead of what the caller has."""
    view_class: type[TaggedByContent] = response.tagged_by  # type: ignore[attr-defined]
    if view_class.tagless:
        return None
    if view_class.shows_others or "ETag" not in response:
        response["ETag"] = _tag_of(response.content, response.get("ETag", ""))
    kept = {name: response[name] for name in _KEPT if name in response}
    return not_modified(request, response["ETag"], kept)


def tag_of_row(shown: Any) -> str:
    """Of what a GET of a record without a version shows, for an answer that shows more than that."""
    return _tag_of(FastJSONRenderer().render(shown))


def not_modified(request: Request, tag: str, headers: Mapping[str, str] = _NO_HEADERS) -> HttpResponse | None:
    """304 if the request is a read, and the caller has what is shown under the tag."""
    if request.method not in ("GET", "HEAD"):
        return None
    # Weak comparison, RFC 9110, 13.1.2: proxies that compress make weak tags of ours.
    sent = request.headers.get("If-None-Match", "")
    known = [each.removeprefix("W/") for each in parse_tags(sent)]
    if tag in known or sent.strip() == "*":
        add(CACHE_HITS)
        return HttpResponseNotModified(headers={**headers, "ETag": tag})
    add(CACHE_MISSES, amount=bool(known))
    return None


def _tag_of(content: bytes, version: str = "") -> str:
    digest = blake2b(content, digest_size=_HASH_BYTES).hexdigest()
    return f'{version[:-1]}-{digest}"' if version else f'"{digest}"'


def _malformed_tag(text: str) -> ValidationError:
    return ValidationError({"If-Match": [ErrorDetail(text, "invalid")]})
