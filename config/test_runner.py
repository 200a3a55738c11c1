"""manage.py test runs pytest."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence


class PytestRunner:
    """What Django asks of a test runner; the suite's own settings are in pyproject.toml."""

    def __init__(
        self, *, verbosity: int = 1, failfast: bool = False, keepdb: bool = False, k: str = "", **_: object
    ) -> None:
        self.arguments = ["-v"] * (verbosity > 1) + ["-x"] * failfast + ["--reuse-db"] * keepdb + ["-k", k] * bool(k)

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        parser.add_argument("--keepdb", action="store_true", help="keep the test database for the next run")
        parser.add_argument("-k", default="", help="only tests whose names match the expression")

    def run_tests(self, test_labels: Sequence[str], **_: object) -> int:
        """The number that decides the exit code: 0 only when all passed and there were any."""
        try:
            import pytest
        except ImportError:
            sys.exit("pytest is not installed: pip install -r requirements-dev.txt")
        return int(pytest.main([*self.arguments, *test_labels]))
