"""What a page of every list of the OpenAPI costs: `python -m benchmarks.lists` prints a table of statements, bytes and
CPU, of the web's Python and PostgreSQL, for the newest 20 rows or as many as the demo shop has."""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.cpu import tree_seconds
from benchmarks.requests import read
from benchmarks.stage import Stage, open_stage

WARM_UP = 8  # SQL that is made once, statements that PostgreSQL prepares after five
CONSTANT = "a constant"


@dataclass(frozen=True, slots=True)
class Cost:
    path: str
    rows: int
    statements: int
    size: int
    web: float
    database: float
    share: float  # of what the view that answers a constant cost in the same rounds


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lists", description=__doc__)
    parser.add_argument("--requests", type=int, default=40, help="of each list in a round")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with open_stage() as stage:
        _print_table(list(_measure(stage, arguments.requests, arguments.rounds)))


def _measure(stage: Stage, requests: int, rounds: int) -> Iterator[Cost]:
    from django.core.management import call_command

    from benchmarks.constant import PATH
    from benchmarks.lines.life import constant_view
    from users.models.api_key import Scope
    from users.models.user import User
    from users.services.create_api_key import create_api_key

    call_command("flush", interactive=False, verbosity=0)  # the demo shop goes into an empty one
    call_command("load_demo_shop", verbosity=0)
    owner = User.objects.create_superuser("lists@example.com")
    _, secret = create_api_key(owner=owner, name="Every list", scopes=list(Scope))
    with constant_view():
        for path in (PATH, *_lists()):
            yield _cost(stage, path, secret, requests, rounds)


def _lists() -> list[str]:
    """Addresses of all lists that name no record."""
    from shared.api.docs import SchemaView

    generator: Any = SchemaView.generator_class()
    paths = generator.get_schema(request=None, public=True)["paths"]
    return sorted(path for path, each in paths.items() if "{" not in path and _is_list(each.get("get", {})))


def _is_list(operation: dict[str, Any]) -> bool:
    return any(each["name"] == "limit" and each["in"] == "query" for each in operation.get("parameters", ()))


def _cost(stage: Stage, path: str, secret: str, requests: int, rounds: int) -> Cost:
    from django.db import connection

    from benchmarks.constant import PATH

    sent = []

    def count(execute: Any, *statement: Any) -> Any:
        sent.append(statement)
        return execute(*statement)

    for _ in range(WARM_UP):
        content, shown = read(path, secret=secret)
    with connection.execute_wrapper(count):
        read(path, secret=secret)
    spent = [(_spent(stage, PATH, secret, requests), _spent(stage, path, secret, requests)) for _ in range(rounds)]
    web, database = (median(own[side] for _, own in spent) for side in (0, 1))
    share = median(sum(own) / sum(constant) for constant, own in spent)
    rows = len(shown.get("results", shown.get("events", ())))
    return Cost(path, rows, len(sent), len(content), web, database, share)


def _spent(stage: Stage, path: str, secret: str, requests: int) -> tuple[float, float]:
    """Milliseconds of CPU a request: this process's and PostgreSQL's."""
    own, others = time.process_time(), tree_seconds(stage.postmaster)
    for _ in range(requests):
        read(path, secret=secret)
    own, others = time.process_time() - own, tree_seconds(stage.postmaster) - others
    return own * 1000 / requests, others * 1000 / requests


def _print_table(costs: list[Cost]) -> None:
    print("| list | rows | statements | bytes | CPU web, ms | CPU database, ms | / a constant |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for each in costs:
        name = CONSTANT if each is costs[0] else f"`{each.path.removeprefix('/api/v1')}`"
        print(
            f"| {name} | {each.rows} | {each.statements} | {each.size:,} | {each.web:.2f} | {each.database:.2f} "
            f"| {each.share:.1f} |"
        )


if __name__ == "__main__":
    main()
