"""A pooler in front of the database: who goes through it, and what is said when it does not answer."""

import os
import subprocess
from pathlib import Path

from tests.config.web.raw import free_port
from tests.shop.servers.processes import MANAGE


def run(tmp_path: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """A command whose pooler and database listen at the closed ports 9 and 19 of this machine."""
    variables = {
        "DATABASE_POOLER": "transaction",
        "DATABASE_URL": "postgresql://kontor@127.0.0.1:9/kontor",
        "DATABASE_DIRECT_URL": "postgresql://kontor@127.0.0.1:19/kontor",
        "KONTOR_HOME": str(tmp_path),
        "PORT": str(free_port()),
    }
    return subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, timeout=180, check=False)


def test_serve_says_which_address_does_not_answer(tmp_path: Path) -> None:
    done = run(tmp_path, *MANAGE, "serve")

    assert done.returncode == 1
    assert "The database does not answer at 127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_program_that_is_not_serve_goes_past_the_pooler(tmp_path: Path) -> None:
    ask = "import django; django.setup(); from django.db import connection; print(connection.settings_dict['PORT'])"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

    done = run(tmp_path, MANAGE[0], "-c", ask)

    assert done.stdout.strip() == "19", done.stderr
