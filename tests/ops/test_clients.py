"""Both clients, as `make sdk` has built them, go from an order to its refund against a live server."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.shop.goods import make_level
from tests.shop.http.api_client import machine
from tests.shop.people import SuperuserFactory, make_buyer

pytestmark = [pytest.mark.sdk, pytest.mark.django_db(transaction=True)]

SDK = Path(__file__).resolve().parents[2] / "sdk"
SCOPES = ("orders:read", "orders:write", "payments:write")
STEPS = ["placed", "refused", "due", "paid", "now", "now", "refunded", "newest"]


@pytest.fixture
def environment(live_server: LiveServer) -> dict[str, str]:
    key = machine(SuperuserFactory.create(), *SCOPES).authorization
    assert key is not None
    level = make_level(on_hand=5)
    return {
        "KONTOR_URL": live_server.url,
        "KONTOR_API_KEY": key.removeprefix("Api-Key "),
        "KONTOR_CUSTOMER": str(make_buyer().customer.pk),
        "KONTOR_SKU": level.variant.sku,
    }


def _run(command: list[str], at: Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command,
        cwd=at,
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_python_client_goes_the_whole_way(environment: dict[str, str]) -> None:
    said = _run([sys.executable, "journey.py"], SDK / "python", environment)

    words = [line.split()[0] for line in said.splitlines()]
    assert words == [*STEPS, "read", "verified", "forged"]
    assert "refused insufficient_stock 3" in said


def test_the_typescript_client_goes_the_whole_way(environment: dict[str, str]) -> None:
    said = _run(["node", "dist/journey.js"], SDK / "typescript", environment)

    words = [line.split()[0] for line in said.splitlines()]
    assert words == [*STEPS, "verified", "forged"]
    assert "refused insufficient_stock 3" in said


def test_the_python_client_is_typed(tmp_path: Path) -> None:
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\n")

    said = _run(
        [sys.executable, "-m", "mypy", "--strict", f"--config-file={config}", "kontor/__init__.py", "journey.py"],
        SDK / "python",
    )

    assert "Success" in said


@pytest.mark.parametrize(
    ("client", "language", "file", "command"),
    [
        ("python", "python", "example.py", [sys.executable, "example.py"]),
        ("typescript", "typescript", "src/example.ts", ["npx", "tsc", "--noEmit"]),
    ],
)
def test_the_readmes_example_runs_as_it_stands(
    client: str, language: str, file: str, command: list[str], environment: dict[str, str]
) -> None:
    [example] = re.findall(rf"```{language}\n(.*?)```", (SDK / client / "README.md").read_text(), re.DOTALL)
    at = SDK / client
    (at / file).write_text(example.replace('"kontor-client"', '"./index.js"'))
    try:
        _run(command, at, environment)
        if client == "typescript":
            _run(["npx", "tsc"], at)
            _run(["node", "dist/example.js"], at, environment)
    finally:
        (at / file).unlink()
