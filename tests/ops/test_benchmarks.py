"""The benchmarks measure what they say: a tiny run of one line, and clients that notice a failing server."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks.load import Job
from benchmarks.run import BenchmarkError
from benchmarks.web import Web, drive, request
from benchmarks.work.accepted import ACCEPTED, accept, exceeding, figures
from benchmarks.work.counting import Work

PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.long
def test_the_first_line_prints_its_table_and_writes_json_and_plot(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--only=placing", "--rounds=1", "--seconds=0.2"]
    files = [f"--output={tmp_path / 'bench.json'}", f"--plot={tmp_path / 'bench.svg'}"]

    done = subprocess.run(command + files, cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False)

    assert done.returncode == 0, done.stderr
    header, rule, *rows = [line.strip("| ").split(" | ") for line in done.stdout.splitlines()]
    assert [cell.strip() for cell in header] == ["figure", "value", "limit or peer", "ratio"]
    assert set("".join(rule)) == {"-"}
    names = [row[0].strip() for row in rows]
    assert {"placing: raw SQL", "placing: over HTTP", "placing: over HTTP / raw SQL"} <= set(names)
    assert {"placing: CPU, web", "placing: CPU, database", "placing: p99 / p50"} <= set(names)

    written = json.loads((tmp_path / "bench.json").read_text())
    assert [f"{figure['line']}: {figure['name']}" for figure in written["figures"]] == names
    assert all(figure["value"] > 0 for figure in written["figures"] if "elsewhere" not in figure["name"])
    assert written["conditions"]["postgresql"]["fsync"] == "on"
    assert written["conditions"]["postgresql"]["synchronous_commit"] == "on"
    assert ElementTree.parse(tmp_path / "bench.svg").getroot().tag.endswith("svg")


class _Failing(BaseHTTPRequestHandler):
    """Answers 500 to POST, and hangs up on GET."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(500)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"Sorry")

    def do_GET(self) -> None:
        self.close_connection = True

    def log_message(self, *args: Any) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def failing(tmp_path: Path) -> Any:
    log = tmp_path / "web.log"
    log.write_text("what the server logged")
    with ThreadingHTTPServer(("127.0.0.1", 0), _Failing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Web(pid=0, port=server.server_port, log=log)
        server.shutdown()
        thread.join()


def test_an_internal_error_stops_the_measurement(failing: Any) -> None:
    job = Job(failing.port, 2, 0.1, [request("POST", "/", secret="s", body={})], fresh_keys=True)

    with pytest.raises(BenchmarkError, match="Sorry"):
        drive(failing, job)


def test_a_dropped_connection_stops_the_measurement(failing: Any) -> None:
    job = Job(failing.port, 2, 0.1, [request("GET", "/", secret="s")], fresh_keys=False)

    with pytest.raises(BenchmarkError, match="closed a connection"):
        drive(failing, job)


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, []),
        ({"calls": 4_190.0, "pages": 303.0}, []),  # within a twentieth
        ({"calls": 4_210.0}, ["placed, calls"]),
        ({"statements": 6.0}, ["placed, statements"]),
        ({"rows": 900.0, "log_bytes": 9_000.0}, ["placed, rows", "placed, bytes"]),
        ({"calls": 100.0, "statements": 1.0}, []),  # less is no fault
    ],
)
def test_work_that_is_more_than_was_accepted_is_named(more: dict[str, float], found: list[str], tmp_path: Path) -> None:
    usual = {"calls": 4_000.0, "statements": 5.0, "rows": 700.0, "pages": 300.0, "log_bytes": 8_000.0}
    file = tmp_path / "accepted.json"
    accept({"placed": Work(**usual)}, "18", file=file)

    measured = list(figures({"placed": Work(**usual | more)}, "18", file=file))

    assert [figure.name for figure in exceeding(measured)] == found


def test_work_on_another_postgresql_is_compared_by_python_alone(tmp_path: Path) -> None:
    file = tmp_path / "accepted.json"
    accept({"placed": Work(10, 1, 1, 1, 1)}, "18", file=file)

    measured = figures({"placed": Work(1_000, 100, 100, 100, 100)}, "15", file=file)

    assert [figure.name for figure in exceeding(list(measured))] == ["placed, calls"]


def test_there_are_accepted_figures_for_the_pythons_oldest_version_and_the_embedded_postgresql() -> None:
    assert {"Python 3.11", "PostgreSQL 18"} <= set(json.loads(ACCEPTED.read_text()))
