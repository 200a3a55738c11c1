"""The OpenAPI document as the clients' generators take it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
# Settings no real installation has: they only let Django describe itself.
_ENVIRONMENT = {"KONTOR_ENV": "local", "DEBUG": "0", "DATABASE_URL": "postgresql://nobody@localhost:1/nothing"}


def describe() -> dict[str, Any]:
    """What `manage.py spectacular` writes."""
    command = [sys.executable, "manage.py", "spectacular", "--format", "openapi-json"]
    done = subprocess.run(
        command, cwd=PROJECT, env=os.environ | _ENVIRONMENT, capture_output=True, check=True, timeout=300
    )
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def read_description() -> dict[str, Any]:
    """The document with refusals left out: both clients raise them, whatever was asked."""
    document = describe()
    for operations in document["paths"].values():
        for operation in operations.values():
            answers = operation["responses"]
            operation["responses"] = {status: answer for status, answer in answers.items() if status.startswith("2")}
    # Providers' own reports are no client's business.
    document["paths"] = {path: each for path, each in document["paths"].items() if "/webhooks/" not in path}
    return document
