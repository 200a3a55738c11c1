"""What a process without pages does not load (docs/decisions/light-processes.md)."""

import json
import subprocess
import sys
from importlib import import_module

from procrastinate.contrib.django import app

from config.environment.variables import BASE_DIR

# Pages, the API, and the libraries for files: most of what a web process is made of.
HEAVY = {
    "config.urls", "config.api", "crm.admin", "orders.admin", "orders.api.orders.views", "exchange.jobs",
    "rest_framework.views", "drf_spectacular.views", "unfold.admin", "fpdf", "fontTools", "uharfbuzz", "openpyxl",
    "PIL", "icalendar", "qrcode", "stripe", "requests", "jsonschema", "strawberry", "graphql",
}  # fmt: skip

RUN = """
import json, sys
from django.core.management import execute_from_command_line
try:
    execute_from_command_line(["manage.py", *sys.argv[1:]])
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)))
"""

# How often Python looked through what lives for longer.
COLLECTIONS = """
import gc, manage
looked = []
gc.callbacks.append(lambda phase, info: looked.append(info["generation"]) if phase == "start" else None)
manage.main()
assert gc.isenabled()
print(looked.count(1), looked.count(2))
"""


def test_a_command_without_pages_loads_neither_pages_nor_libraries_for_files() -> None:
    loaded = modules_after("describe_roles")

    assert HEAVY & loaded == set()


def test_a_command_does_not_look_for_garbage_while_it_loads() -> None:
    done = subprocess.run(
        [sys.executable, "-c", COLLECTIONS, "describe_roles"],
        cwd=BASE_DIR,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )

    assert [int(count) for count in done.stdout.splitlines()[-1].split()] == [0, 0]


def test_the_worker_loads_no_pages_before_a_job_needs_them() -> None:
    loaded = modules_after("worker", "--help")

    assert "config.processes.worker" in loaded
    assert HEAVY & loaded == set()


def test_checking_the_project_looks_at_the_admins_pages() -> None:
    assert {"orders.admin", "crm.admin", "exchange.admin"} <= modules_after("check", "--tag", "admin")


def test_every_job_of_the_schedule_is_a_function_of_its_apps_jobs() -> None:
    ours = [name for name in app.tasks if not name.startswith(("builtin", "procrastinate"))]

    assert len(ours) > 30
    for name in ours:
        module, function = name.rsplit(".", 1)
        assert callable(getattr(import_module(f"{module}.jobs"), function)), name


def modules_after(*command: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", RUN, *command],
        cwd=BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "config.settings", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))
