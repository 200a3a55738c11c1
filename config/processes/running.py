"""What `make run` starts: sets Kontor up in a process that ends, then supervises web server, worker and live events.

This process lives as long as Kontor does and only looks after others, so it is small: nothing of Django, of the
database driver or of the shop is imported here, nor by what is imported here (docs/decisions/supervisor.md).
"""

import http.client
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from config.metrics.shown import SHOWN_ELSEWHERE
from config.processes.lifelines import stop_with_make
from config.processes.progress import SILENT_SECONDS
from config.processes.supervisor import STOP_SIGNALS, Child, Supervisor, stop_all
from embedded_postgres.home.users import become_user, wait_while_stopping

MANAGE = [sys.executable, str(Path(__file__).resolve().parents[2] / "manage.py")]
REPORT_VARIABLE = "KONTOR_REPORT_DESCRIPTOR"
STREAMING = "embedded_postgres.backup.streaming"
COPYING = "embedded_postgres.copying.following"
COPY_VARIABLE = "KONTOR_BACKUP_COPY"
EMBEDDED_STOP_SECONDS = 7.0
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared with, not listened on


@dataclass(frozen=True)
class SetUp:
    """What the process that sets up reports: where Kontor will listen, who may sign in, where its data is, and the home
    of the embedded server ("" when the database is another one)."""

    host: str
    port: int
    sign_in: list[str]  # lines; passwords that were made just now are shown this once
    data: str
    embedded_home: str
    live_port: int  # 0: there are no live events
    metrics_port: int  # 0: there are no metrics
    backup_dir: str  # "": nothing is streamed to backups
    backup_recipient: str
    backup_copy: dict[str, str] = field(repr=False)  # {}: there is no second copy; it has a secret


def run(arguments: Sequence[str]) -> int:
    """Set up and supervise until Ctrl-C or SIGTERM; the exit code. `arguments` are those of `manage.py run`."""
    for number in STOP_SIGNALS:
        signal.signal(number, _interrupt_set_up)
    stop_with_make()
    try:
        with _set_up(arguments) as found:
            if isinstance(found, int):
                return found  # what it says, or the help that was asked for, is on the screen
            _print_line("Starting web server, worker and live events ...")
            names = {"The web server": "serve", "The worker": "worker"}
            if found.live_port:
                names["The process of live events"] = "live"
            children = [
                Child(name, [*MANAGE, command], {} if command == "serve" else {SHOWN_ELSEWHERE: "1"})
                for name, command in names.items()
            ]
            announcement = _Announcement(found)
            try:
                code = Supervisor(
                    [*children, *_backup_stream(found)], say=_print_line, each_tick=announcement.make_once
                ).run()
            finally:
                announcement.show_logins_at_least()
    except KeyboardInterrupt:
        code = 0
    _print_line("Stopped." if code == 0 else "Stopped after a failure.")
    return code


@contextmanager
def _set_up(arguments: Sequence[str]) -> Iterator[SetUp | int]:
    """What was found, or the exit code of a set-up that failed. The embedded server stays for the length of the block,
    and has stopped after it if nobody else uses it."""
    found = _set_up_in_a_process(arguments)
    if isinstance(found, int) or not found[0].embedded_home:
        yield found if isinstance(found, int) else found[0]
        return
    home = Path(found[0].embedded_home)
    try:
        yield found[0]
    finally:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)  # it is stopping already
        os.close(found[1])
        wait_while_stopping(home, seconds=EMBEDDED_STOP_SECONDS)


def _set_up_in_a_process(arguments: Sequence[str]) -> tuple[SetUp, int] | int:
    """What was found, and the descriptor by which this process is a user of the embedded server (-1: of none). The
    process that sets up ends only when this one is a user, too: in between the server would stop."""
    ours, theirs = socket.socketpair()
    number = theirs.fileno()
    child = Child("Setting up", [*MANAGE, "run", *arguments], {REPORT_VARIABLE: str(number)}, [number])
    try:
        child.start()
        theirs.close()
        with ours, ours.makefile(encoding="utf-8") as report:
            told = report.read()  # to its end: the process has reported, or is gone
            found = SetUp(**json.loads(told)) if told else None
            use = become_user(Path(found.embedded_home)) if found and found.embedded_home else -1
        code = child.process.wait() if child.process else 1
    except KeyboardInterrupt:
        stop_all([child], say=_print_line)
        raise
    if code < 0:
        _print_line(f"Setting up was ended by {signal.Signals(-code).name}.")
    return (found, use) if found and code == 0 else abs(code)


def _backup_stream(found: SetUp) -> list[Child]:
    if not (found.backup_dir and found.embedded_home):
        return []
    command = [sys.executable, "-m", STREAMING, found.embedded_home, found.backup_dir, found.backup_recipient]
    variables = {"PYTHONPATH": str(Path(MANAGE[1]).parent)}
    children = [Child("The stream to the backups", command, variables, is_optional=True)]
    if found.backup_copy:
        command = [sys.executable, "-m", COPYING, found.embedded_home, found.backup_dir]
        variables = variables | {COPY_VARIABLE: json.dumps(found.backup_copy)}  # of arguments everybody is told
        children.append(Child("The copying of the backups", command, variables, is_optional=True))
    return children


class _Announcement:
    """Says that Kontor is running, once, when the web server answers."""

    def __init__(self, found: SetUp) -> None:
        self.found = found
        self.is_made = False
        self._begun = self._said_at = time.monotonic()

    def make_once(self) -> None:
        found = self.found
        if self.is_made:
            return
        if not _answers_http(found.host, found.port):
            self._say_that_it_waits()
            return
        self.is_made = True
        url = f"http://{_shown_host(found.host)}:{found.port}"
        _print_line(
            f"\nKontor is running.\n"
            f"  Data      {found.data}\n"
            f"  API       {url}/api/docs\n"
            f"  Live      {_live_url(found)}\n"
            f"{_metrics_line(found)}"
            f"  Stop it with Ctrl-C.\n\n"
            f"  Admin     {url}/admin/\n"
            f"{self._logins()}"
        )

    def _say_that_it_waits(self) -> None:
        now = time.monotonic()
        if now - self._said_at >= SILENT_SECONDS:
            self._said_at = now
            _print_line(f"Starting … {now - self._begun:.0f} s")

    def show_logins_at_least(self) -> None:
        """Where the web server never answered: passwords made just now are shown now or never."""
        if not self.is_made and any("password  " in line for line in self.found.sign_in):
            _print_line(self._logins())

    def _logins(self) -> str:
        return "\n".join(f"  {line}" for line in self.found.sign_in)


def _live_url(found: SetUp) -> str:
    if not found.live_port:
        return "off: the port behind PORT is taken or another setting's, and LIVE_PORT names no other"
    return f"http://{_shown_host(found.host)}:{found.live_port}/live/events"


def _metrics_line(found: SetUp) -> str:
    return f"  Metrics   http://127.0.0.1:{found.metrics_port}/metrics\n" if found.metrics_port else ""


def _interrupt_set_up(number: int, frame: FrameType | None) -> None:
    """While it is being set up: end that. Once: the same signal may arrive by two ways."""
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _answers_http(host: str, port: int) -> bool:
    """Whether anything comes back over HTTP, whatever the status."""
    link = http.client.HTTPConnection(ANYWHERE.get(host, host).strip("[]"), port, timeout=2)
    try:
        link.request("GET", "/healthz")
        link.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()
    return True


def _shown_host(host: str) -> str:
    reachable = ANYWHERE.get(host, host)
    return f"[{reachable}]" if ":" in reachable and not reachable.startswith("[") else reachable


def _print_line(text: str) -> None:
    with suppress(BrokenPipeError):  # whoever read it is gone; stopping goes on
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
