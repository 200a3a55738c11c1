"""A throwaway Kontor to test: database, web server and worker, with ample stock and an API key."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stage import PROJECT, Stage, open_stage
from benchmarks.web import serve
from embedded_postgres.server.processes import PARENT_VARIABLE

STOP_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Kontor:
    """`variant` is the SKU of what everybody buys under contention."""

    url: str
    api_key: str
    variant: str


@contextmanager
def throwaway_kontor(*, reports: Path, popular_stock: int | None = None) -> Iterator[Kontor]:
    """Running until the block ends; its logs are then in `reports`. `popular_stock`: units of the contended variant,
    instead of a billion."""
    with open_stage() as stage:
        os.environ[PARENT_VARIABLE] = str(os.getpid())  # whatever ends this process ends web server and worker
        if popular_stock is not None:
            _leave(stage, popular_stock)
        with _keep_logs(stage, reports), serve(stage) as web, _worker(stage):
            yield Kontor(f"http://127.0.0.1:{web.port}", _api_key(stage), "BENCH-1")


@contextmanager
def _keep_logs(stage: Stage, reports: Path) -> Iterator[None]:
    try:
        yield
    finally:
        reports.mkdir(parents=True, exist_ok=True)
        for log in stage.home.glob("*.log"):
            shutil.copy(log, reports)


@contextmanager
def _worker(stage: Stage) -> Iterator[None]:
    with (stage.home / "worker.log").open("ab") as log:
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"], cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(STOP_SECONDS)


def _api_key(stage: Stage) -> str:
    from users.models.api_key import Scope
    from users.models.user import User
    from users.services.create_api_key import create_api_key

    scopes = [Scope.ORDERS_READ, Scope.ORDERS_WRITE, Scope.PAYMENTS_WRITE, Scope.CUSTOMERS_READ]
    owner = User.objects.get(pk=stage.shop.actor.user_id)
    _, secret = create_api_key(owner=owner, name="Load test", scopes=scopes)
    return secret


def _leave(stage: Stage, units: int) -> None:
    from benchmarks.shop import PLENTY, level_id
    from inventory.services.adjust_stock import adjust_stock

    adjust_stock(level_id=level_id(1), quantity=units - PLENTY, reason="Little left", actor=stage.shop.actor)


def audit() -> subprocess.CompletedProcess[str]:
    """`manage.py audit` on the throwaway Kontor's database."""
    return subprocess.run(
        [sys.executable, "manage.py", "audit"], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=600
    )
