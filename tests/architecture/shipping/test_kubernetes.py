"""Kubernetes' manifests start what compose starts, with settings that exist, at ports that processes open."""

from typing import Any

import pytest
import yaml

from config.environment.variables import Env
from tests.architecture.source import ROOT

FOLDER = ROOT / "ops/kubernetes"


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, str], dict[str, Any]]:
    """What kustomize would apply, by kind and name."""
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))["resources"]
    every = [each for name in listed for each in yaml.safe_load_all((FOLDER / name).read_text("utf-8"))]
    return {(each["kind"], each["metadata"]["name"]): each for each in every}


@pytest.fixture(scope="module")
def containers(found: dict[tuple[str, str], dict[str, Any]]) -> dict[str, dict[str, Any]]:
    pods = [each["spec"]["template"]["spec"] for (kind, _), each in found.items() if kind in ("Deployment", "Job")]
    return {container["name"]: container for pod in pods for container in pod["containers"]}


def test_every_file_is_applied_but_the_secret_that_is_one_s_own() -> None:
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))["resources"]

    others = {path.name for path in FOLDER.glob("*.yaml")} - set(listed)
    assert others == {"kustomization.yaml", "secret.example.yaml"}


def test_pods_start_what_compose_starts(containers: dict[str, dict[str, Any]]) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    of_compose = {service["command"][2] for service in compose.values() if "build" in service}

    assert {container["command"][2] for container in containers.values()} == of_compose


def test_settings_exist_and_secrets_are_no_settings(found: dict[tuple[str, str], dict[str, Any]]) -> None:
    settings = found["ConfigMap", "kontor"]["data"]
    every = list(yaml.safe_load_all((FOLDER / "secret.example.yaml").read_text("utf-8")))
    secret = {name: value for each in every for name, value in each["stringData"].items()}
    known = {name.upper() for name in Env.model_fields}

    assert set(settings) | set(secret) <= known
    assert not set(settings) & set(secret)
    assert set(secret.values()) == {""}, "never one of ours"
    values = {name: settings.get(name.upper()) or "x" for name in Env.model_fields if name.upper() in settings}
    assert Env.model_validate(Env.model_construct().model_dump() | values | {"secret_key": "x" * 64}).is_prod


def test_pods_open_the_ports_that_are_set(
    found: dict[tuple[str, str], dict[str, Any]], containers: dict[str, dict[str, Any]]
) -> None:
    settings = found["ConfigMap", "kontor"]["data"]
    set_ports = {"http": settings["PORT"], "live": settings["LIVE_PORT"], "metrics": settings["METRICS_PORT"]}

    for name, container in containers.items():
        ports = {port["name"]: port["containerPort"] for port in container.get("ports", ())}
        assert all(int(set_ports[port]) == number for port, number in ports.items()), name
        probes = [container[probe]["httpGet"]["port"] for probe in container if probe.endswith("Probe")]
        assert set(probes) <= set(ports), name
    for (kind, name), each in found.items():
        if kind == "Service":
            [container] = [c for c in containers.values() if name == f"kontor-{c['name']}"]
            assert {port["targetPort"] for port in each["spec"]["ports"]} <= {p["name"] for p in container["ports"]}


def test_pods_are_given_the_time_that_they_take_to_end(found: dict[tuple[str, str], dict[str, Any]]) -> None:
    drain = int(found["ConfigMap", "kontor"]["data"]["DRAIN_SECONDS"])
    for (kind, name), each in found.items():
        if kind == "Deployment":
            assert each["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] >= drain + 10, name


def test_no_pod_runs_as_root_or_writes_to_its_image(containers: dict[str, dict[str, Any]]) -> None:
    for name, container in containers.items():
        rights = container["securityContext"]
        assert rights["readOnlyRootFilesystem"], name
        assert not rights["allowPrivilegeEscalation"], name
        assert container["resources"]["limits"]["memory"], name


def test_the_superuser_s_password_is_the_set_up_s_alone(containers: dict[str, dict[str, Any]]) -> None:
    readers = [
        name for name, each in containers.items() if {"name": "kontor-admin", "optional": True} in _secrets(each)
    ]

    assert readers == ["prepare"]


def _secrets(container: dict[str, Any]) -> list[Any]:
    return [source["secretRef"] for source in container["envFrom"] if "secretRef" in source]
