"""What Prometheus and Grafana are given: alert rules, their cases, a dashboard. promtool reads them as they do."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.processes.queues import Queue
from shared.metrics import names
from shared.metrics.rules import RULES, Rule

FOLDER = Path(__file__).resolve().parents[2] / "ops" / "prometheus"
PAGE = FOLDER.parents[1] / "docs" / "metrics.md"
_NAME = re.compile(r"kontor_[a-z_]+")
_OF_HISTOGRAM = ("_bucket", "_sum", "_count")
# What Grafana fills in.
_VARIABLES = {"$job": ".*"}


def _rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def _expressions() -> list[str]:
    panels = json.loads((FOLDER / "dashboard.json").read_text())["panels"]
    found = [target["expr"] for panel in panels for target in panel["targets"]]
    for name, value in _VARIABLES.items():
        found = [each.replace(name, value) for each in found]
    return found


def _series() -> set[str]:
    """Every name that a look at the metrics may show."""
    shown = set()
    for metric in names.ALL:
        shown |= {metric.name + end for end in _OF_HISTOGRAM} if metric.kind == "histogram" else {metric.name}
    return shown


def _promtool(*arguments: str) -> str:
    found = shutil.which("promtool")
    assert found, "Debian's package prometheus has promtool"
    done = subprocess.run([found, *arguments], capture_output=True, text=True, cwd=FOLDER, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_rules_and_dashboard_ask_for_what_is_shown() -> None:
    asked = {name for text in [*_expressions(), *(rule["expr"] for rule in _rules())] for name in _NAME.findall(text)}

    assert asked - _series() == set()


def test_the_dashboard_shows_every_metric_there_is() -> None:
    shown = {name for text in _expressions() for name in _NAME.findall(text)}

    assert [metric.name for metric in names.ALL if not any(name.startswith(metric.name) for name in shown)] == []


def test_every_alert_says_what_to_do_and_has_both_cases() -> None:
    cases = [case["name"] for case in yaml.safe_load((FOLDER / "alerts_test.yml").read_text())["tests"]]
    rules = _rules()

    assert all(rule["annotations"].keys() == {"summary", "action"} for rule in rules)
    assert {f"{rule['alert']} {what}" for rule in rules for what in ("fires", "is silent")} <= set(cases)
    assert len(cases) == len(set(cases))


def test_the_page_names_every_metric_and_every_alert() -> None:
    page = PAGE.read_text()

    assert [metric.name for metric in names.ALL if f"`{metric.name}`" not in page] == []
    assert [rule["alert"] for rule in _rules() if f"`{rule['alert']}`" not in page] == []


def test_prometheus_is_told_of_states_what_kontor_itself_goes_by() -> None:
    given = {rule["alert"]: rule for rule in _rules()}

    for rule in RULES:
        told = given[rule.name]
        assert _threshold(told["expr"]) == _threshold(_expression(rule))
        assert _apart(told["expr"]) == set(rule.metric.labels) - ({"status"} if rule.only else set())
        assert ("absent(" in told["expr"]) == rule.absent
        assert told["labels"]["severity"] == ("critical" if rule.is_urgent else "warning")
        assert _seconds(told.get("for", "0s")) == rule.seconds
        assert told["annotations"] == {
            "summary": str(rule.summary).replace("%(label)s", "{{ $labels.queue }}"),
            "action": str(rule.action),
        }


def _expression(rule: Rule) -> str:
    return f"{rule.metric.name} {'>=' if rule.reaches else '>'} {rule.limit:g}"


def _threshold(expression: str) -> tuple[str, str, float]:
    """The first metric, how it is compared, and with what."""
    found = re.search(r"(kontor_[a-z_]+)[^<>=]*(?:\{[^}]*\}\)?)?\s*(>=?)\s*([\d. *e+]+)", expression)
    assert found
    factors = [float(each) for each in found[3].split("*")]
    return found[1], found[2], factors[0] * (factors[1] if len(factors) > 1 else 1)


def _apart(expression: str) -> set[str]:
    """The labels by which there is an alert of each: those of `sum by`, else all that the metric has."""
    if found := re.search(r"\b(?:sum|max) by \(([^)]*)\)", expression):
        return {label.strip() for label in found[1].split(",")}
    asked = {metric for metric in names.ALL if metric.name in expression}
    return set() if re.search(r"\b(?:sum|max)\(", expression) else {label for one in asked for label in one.labels}


def _seconds(text: str) -> int:
    return int(text[:-1]) * {"s": 1, "m": 60, "h": 3600}[text[-1]]


def test_queues_are_named_as_the_worker_names_them() -> None:
    assert tuple(Queue) == names.QUEUES


@pytest.mark.system
def test_promtool_takes_rules_and_dashboard_and_the_alerts_fire_as_they_should(tmp_path: Path) -> None:
    panels = [{"record": f"panel:{number}", "expr": text} for number, text in enumerate(_expressions())]
    as_rules = tmp_path / "dashboard.yml"
    as_rules.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": panels}]}))

    assert "SUCCESS" in _promtool("check", "rules", "alerts.yml")
    assert "SUCCESS" in _promtool("check", "rules", str(as_rules))
    assert "SUCCESS" in _promtool("test", "rules", "alerts_test.yml")
