"""Web processes that fall, hang or freeze are replaced, and the server stops in time."""

import os
import signal
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from tests.config.web.raw import HOST, PATIENCE_SECONDS, Server, read_all, tiny_server
from tests.shop.servers.processes import wait_for

HANG = b"GET /hang HTTP/1.1\r\n" + HOST + b"\r\n"


def _is_replaced(server: Any, worker: Any) -> bool:
    return worker not in _workers(server) and bool(server.answers())


def _workers(server: Server) -> set[int]:
    return {child.pid for child in psutil.Process(server.pid).children()}


def test_health_is_answered_while_all_threads_hang(tmp_path: Path) -> None:
    with tiny_server(tmp_path / "log", queue_seconds=1, stop_seconds=1) as server, ExitStack() as stack:
        for _ in range(6):
            stack.enter_context(server.connect()).sendall(HANG)

        assert server.body("/healthz") == b"alive"
        refused = server.get("/pid")

    assert refused.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nRetry-After: 2\r\n" in refused


def test_a_process_whose_threads_all_hang_is_replaced(tmp_path: Path) -> None:
    with tiny_server(tmp_path / "log", queue_seconds=1, stuck_seconds=2) as server, ExitStack() as stack:
        before = _workers(server)
        links = [stack.enter_context(server.connect()) for _ in range(2)]
        for link in links:
            link.sendall(HANG)

        assert [read_all(link) for link in links] == [b"", b""]
        wait_for(server.answers, "the successor answers")

        assert server.body("/pid").decode() not in map(str, before)
    log = (tmp_path / "log").read_text()
    assert "web_process_stuck" in log
    assert "in _hang" in log  # where the threads hung


def test_others_serve_while_one_process_hangs(tmp_path: Path) -> None:
    with tiny_server(tmp_path / "log", workers=2) as server:
        wait_for(lambda: len({server.body("/pid") for _ in range(10)}) == 2, "both processes serve")
        frozen = next(iter(_workers(server)))
        os.kill(frozen, signal.SIGSTOP)
        try:
            pids = {int(server.body("/pid")) for _ in range(20)}
        finally:
            os.kill(frozen, signal.SIGCONT)

    assert pids == _other(pids, frozen)


def _other(pids: set[int], frozen: int) -> set[int]:
    assert len(pids) == 1
    return pids - {frozen}


def test_a_frozen_process_is_replaced(tmp_path: Path) -> None:
    with tiny_server(tmp_path / "log", silent_seconds=2) as server:
        (frozen,) = _workers(server)
        os.kill(frozen, signal.SIGSTOP)

        wait_for(lambda: frozen not in _workers(server), "the frozen process is gone")
        wait_for(server.answers, "its successor answers")


def test_a_killed_process_is_replaced_again_and_again(tmp_path: Path) -> None:
    with tiny_server(tmp_path / "log") as server:
        for _ in range(2):
            (worker,) = _workers(server)
            os.kill(worker, signal.SIGKILL)
            wait_for(partial(_is_replaced, server, worker), "its successor answers")


def test_a_request_under_way_is_answered_before_the_server_stops(tmp_path: Path) -> None:
    deed = tmp_path / "deed"
    with tiny_server(tmp_path / "log") as server, server.connect() as link, server.connect() as idle:
        link.sendall(b"GET /deed?%b HTTP/1.1\r\n%b\r\n" % (str(deed).encode(), HOST))
        time.sleep(0.3)

        os.kill(server.pid, signal.SIGTERM)

        answer = read_all(link)
        assert read_all(idle) == b""
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"\r\nConnection: close\r\n" in answer
        wait_for(lambda: not server.answers(), "nobody listens", PATIENCE_SECONDS)
        assert deed.exists()


def test_a_server_with_hanging_threads_stops_in_time(tmp_path: Path) -> None:
    with tiny_server(tmp_path / "log", stop_seconds=1) as server, server.connect() as link:
        link.sendall(HANG)
        time.sleep(0.3)
        process = psutil.Process(server.pid)

        os.kill(server.pid, signal.SIGTERM)

        assert process.wait(10) in {0, None}


def test_who_hands_over_answers_what_it_has_however_long_it_takes(tmp_path: Path) -> None:
    """Nobody waits for the old server to be gone."""
    with tiny_server(tmp_path / "log", stop_seconds=0.2) as server, server.connect() as link:
        link.sendall(b"GET /deed?%b HTTP/1.1\r\n" % str(tmp_path / "done").encode() + HOST + b"\r\n")
        time.sleep(0.2)  # it is being served
        os.kill(server.pid, signal.SIGUSR1)

        answer = read_all(link)

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"Connection: close" in answer
    assert (tmp_path / "done").exists()
