"""What the API answers instead of what was asked for."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """The API's refusal (RFC 9457): `code` is stable, `detail` is for people, `problem` is the whole object."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.problem = problem
        self.code = str(problem.get("code", "refused"))
        self.detail = str(problem.get("detail", ""))
        super().__init__(f"{status} {self.code}: {self.detail}")

    @property
    def errors(self) -> list[dict[str, str]]:
        """Every fault in the input: pointer, code, detail."""
        return list(self.problem.get("errors", []))


class NotFound(Refused):
    """There is no such thing, or not for this key."""


class StaleVersion(Refused):
    """Somebody changed it since it was read: read it again."""

    @property
    def version(self) -> int | None:
        """The one that it has now, where it has versions."""
        found: int | None = self.problem.get("version")
        return found


class Unreachable(Exception):
    """No answer in spite of all tries. It may have been done or not: send it again under the same idempotency key."""
