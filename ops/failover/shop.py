"""The Kontor that the drill has, as `make run` supervises it, and a provider of payments."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from embedded_postgres.server.processes import PARENT_VARIABLE
from ops.failover.asking import ask
from ops.failover.cluster import wait_for
from ops.failover.ports import free_port

PROJECT: Final = Path(__file__).resolve().parents[2]
START_SECONDS: Final = 600  # migrations on a busy machine
STOP_SECONDS: Final = 30
COMMAND_SECONDS: Final = 600


@dataclass(frozen=True)
class Shop:
    """`secret`: of an API key that may order and take payments. `provider`: its port, and `books` its file."""

    port: int
    provider: int
    books: Path
    secret: str
    variants: list[str]
    customers: list[str]


def run_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A command of manage.py, to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT, capture_output=True, text=True, check=False, timeout=COMMAND_SECONDS,
    )  # fmt: skip


@contextmanager
def open_shop(url: str, home: Path) -> Iterator[Shop]:
    """Set up and started, with goods in it, until the block ends. Django of this process uses that database, too."""
    port, provider = free_port(), free_port()
    os.environ.update(_variables(url, home, port, provider))
    books = home / "provider.sqlite3"
    with _running_both(home, port, books):
        yield Shop(port, provider, books, *_fill())


@contextmanager
def running_shop(home: Path, shop: Shop) -> Iterator[None]:
    """One that is there already, in another home; the provider of payments is the same."""
    with _running_both(home, shop.port, shop.books):
        yield


@contextmanager
def _running_both(home: Path, port: int, books: Path) -> Iterator[None]:
    with ExitStack() as stack:
        stack.enter_context(_running(["sandbox_provider", "--books", str(books)], home / "provider.log"))
        stack.enter_context(_running(["run", "--no-demo"], home / "kontor.log"))
        is_ready = lambda: ask(port, "GET", "/readyz").status == 200  # noqa: E731
        wait_for(is_ready, f"Kontor is ready: {home / 'kontor.log'}", seconds=START_SECONDS)
        yield


def _variables(url: str, home: Path, port: int, provider: int) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "KONTOR_ENV": "local",
        "DEBUG": "0",
        "DATABASE_URL": url,
        "KONTOR_HOME": str(home),
        "PORT": str(port),
        "LIVE_PORT": str(free_port()),
        "WEB_WORKERS": "2",
        "CLEANUP_INTERVAL_MINUTES": "1",
        "SANDBOX_PROVIDER_URL": f"http://127.0.0.1:{provider}",
        "SANDBOX_WEBHOOK_SECRET": "whsec_ZmFpbG92ZXItZHJpbGwtZmFpbG92ZXItZHJpbGw=",
        PARENT_VARIABLE: str(os.getpid()),  # whatever ends this process ends what it started
    }


def _fill() -> tuple[str, list[str], list[str]]:
    """Secret, variants and customers."""
    import django

    django.setup()
    from django.db import connections

    from benchmarks import shop

    try:
        secret = shop.open_shop().secret
    finally:
        connections.close_all()
    variants = [str(shop.variant_id(number)) for number in range(1, shop.VARIANTS + 1)]
    return secret, variants, [str(shop.customer_id(number)) for number in range(1, shop.CUSTOMERS + 1)]


@contextmanager
def _running(arguments: list[str], log: Path) -> Iterator[None]:
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(STOP_SECONDS)
