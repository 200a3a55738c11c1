"""OpenAPI: what every operation has in common."""

from typing import Any

from drf_spectacular.openapi import AutoSchema


class KontorSchema(AutoSchema):
    """One tag a resource."""


def declare_problem_details(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    return result
