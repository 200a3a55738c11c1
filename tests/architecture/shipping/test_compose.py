"""Containers start the same commands as `make run`, and every file that says so is well-formed."""

import re
import shlex
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from config.environment.variables import Env
from tests.architecture.source import ROOT


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return found


def command_of(service: dict[str, Any]) -> list[str]:
    command = service["command"]
    return shlex.split(command) if isinstance(command, str) else list(command)


def test_containers_start_what_make_run_starts(compose: dict[str, Any]) -> None:
    # What sets up, and ends; what supervises, and stays.
    parts = ("config/management/commands/run.py", "config/processes/running.py")
    run = "".join((ROOT / part).read_text("utf-8") for part in parts)
    commands = {name: command_of(service) for name, service in compose["services"].items() if "build" in service}

    assert commands == {
        "migrate": ["python", "manage.py", "prepare"],
        "web": ["python", "manage.py", "serve", "--port", "8000"],
        "worker": ["python", "manage.py", "worker"],
        "live": ["python", "manage.py", "live", "--port", "8001"],
    }
    for _, _, command, *_ in commands.values():
        assert f'"{command}"' in run, f"make run does not start {command}"
        assert get_commands()[command] in {"config", "events"}


def test_compose_waits_for_what_it_needs(compose: dict[str, Any]) -> None:
    services = compose["services"]

    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    for name in ("web", "worker", "live"):
        assert services[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert all("healthcheck" in services[name] for name in ("database", "web", "worker"))
    assert services["redis"]["profiles"], "nothing needs it yet"


def test_compose_is_open_to_this_machine_alone_and_has_no_password_that_everybody_knows(
    compose: dict[str, Any],
) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    secrets = [
        value
        for service in compose["services"].values()
        for name, value in service.get("environment", {}).items()
        if "PASSWORD" in name or "SECRET_KEY" in name or name == "DATABASE_URL"
    ]

    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert len(secrets) > 4
    for value in secrets:
        assert re.search(r"\$\{\w+:\?|^\$\{\w+:-\}$", value), "asked for, or none: never one of ours"


def test_compose_sets_variables_that_exist(compose: dict[str, Any]) -> None:
    known = {name.upper() for name in Env.model_fields}
    for name, service in compose["services"].items():
        if "build" in service:
            assert set(service["environment"]) <= known, name


def test_the_image_is_built_without_a_compiler_and_runs_without_root() -> None:
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    steps = [line.split(maxsplit=1) for line in text.splitlines() if line and not line.startswith("#")]

    instructions = [step[0] for step in steps]
    assert instructions[0] == "FROM"
    assert set(instructions) <= {
        "FROM",
        "ENV",
        "RUN",
        "WORKDIR",
        "COPY",
        "USER",
        "EXPOSE",
        "CMD",
        "VOLUME",
        "HEALTHCHECK",
    }
    assert ["USER", "kontor"] in steps
    assert instructions.index("USER") < instructions.index("CMD")
    assert "apt-get" not in text


def test_the_readme_documents_every_variable() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")

    assert [name for name in Env.model_fields if f"`{name.upper()}`" not in readme] == []


def test_make_offers_what_the_readme_promises() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    readme = (ROOT / "README.md").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))

    assert set(re.findall(r"`make ([a-z-]+)", readme)) <= targets
