"""Versions over HTTP: `ETag: "3"` on what was read, `If-Match: "3"` on what changes it."""

import re

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

_TAG = re.compile(r'"(\d{1,18})"')


def etag(version: int) -> str:
    return f'"{version}"'


def expected_version(request: Request, body_version: int | None = None) -> int | None:
    """The version that the caller read, from If-Match or else from the body; None when it does not care.

    Raises ValidationError for an If-Match that cannot be one of our tags.
    """
    sent = request.headers.get("If-Match")
    if sent is None or sent.strip() == "*":
        return body_version
    tag = _TAG.fullmatch(sent.strip())
    if tag is None:
        raise ValidationError(
            {"If-Match": [ErrorDetail('Send the version in quotes, as in If-Match: "3".', "invalid")]}
        )
    version = int(tag[1])
    if body_version not in (None, version):
        raise ValidationError({"version": [ErrorDetail("If-Match and version differ.", "contradiction")]})
    return version
