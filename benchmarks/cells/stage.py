"""Four Kontors: as many databases on one throwaway server, each with a web server of its own."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import psycopg

from benchmarks.cells.entry import TABLE, Cell
from benchmarks.stage import PROJECT, Stage, open_stage
from benchmarks.web import serve

CELLS = 4
SCARCE = 10  # units of each variant that runs out, in each cell


@dataclass(frozen=True)
class Cells:
    """`web`: the process of each cell's web server."""

    stage: Stage
    cells: list[Cell]
    web: list[int]

    @property
    def secret(self) -> str:
        return self.stage.shop.secret


@contextmanager
def open_cells() -> Iterator[Cells]:
    """Every cell has the catalogue and the customers; the entry decides what is sold where."""
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(64)  # one API key for all cells
    with open_stage() as stage, ExitStack() as stack:
        _stock_up_what_is_scarce()
        urls = _copies(stage)
        web = []
        for number, url in enumerate(urls):
            os.environ |= {"DATABASE_URL": url, "KONTOR_HOME": str(stage.home / f"cell-{number}")}
            web.append(stack.enter_context(serve(stage, workers=1)))
        yield Cells(stage, [Cell(each.port, url) for each, url in zip(web, urls, strict=True)], [w.pid for w in web])


def manage(cell: Cell, *arguments: str) -> str:
    """What a command of manage.py prints about this cell. Raises CalledProcessError where it fails."""
    environment = os.environ | {"DATABASE_URL": cell.url}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=True, timeout=300
    ).stdout


def _stock_up_what_is_scarce() -> None:
    from django.db import transaction

    from benchmarks.shop import SOLD_OUT, VARIANTS, level_id
    from inventory.ledger import stock

    with transaction.atomic():
        levels = stock.lock(level_id(number) for number in range(VARIANTS + 1, VARIANTS + SOLD_OUT + 1))
        stock.receive(levels, [stock.Move(level, SCARCE) for level in levels], reason="Opening stock")


def _copies(stage: Stage) -> list[str]:
    from django.db import connections

    connections.close_all()  # a database that somebody uses cannot be copied
    urls = [stage.database_url]
    with psycopg.connect(_named(stage.superuser_url, "postgres"), autocommit=True) as server:
        with psycopg.connect(stage.database_url) as first:
            first.execute(TABLE)
        for number in range(1, CELLS):
            server.execute(f"CREATE DATABASE cell_{number} TEMPLATE kontor OWNER kontor")
            urls.append(_named(stage.database_url, f"cell_{number}"))
    return urls


def _named(url: str, database: str) -> str:
    return f"{url.rpartition('/')[0]}/{database}"
