"""One server of the cluster: Patroni and its PostgreSQL, to be killed and frozen together as a machine is."""

import json
import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final

import psutil

from embedded_postgres.home.accounts import Account
from embedded_postgres.server.processes import end_with_parent
from ops.failover.programs import FOLDER, Programs

CONFIGURATION: Final = FOLDER / "patroni.yml"
ANSWER_SECONDS: Final = 5
PATRONI: Final = "patroni"


@dataclass
class Member:
    """`password`: of all roles of the drill's cluster, and of Patroni's HTTP."""

    name: str
    folder: Path
    port: int
    api_port: int
    etcd: str
    password: str
    programs: Programs
    account: Account
    _patroni: subprocess.Popen[bytes] | None = None
    _frozen: list[psutil.Process] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._patroni = subprocess.Popen(
                self.programs.patroni(self.folder.parent / CONFIGURATION.name),
                env=self.environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent(),  # noqa: PLW1509 - before any thread of ours is started
                **self.account.popen_arguments(),
            )

    def environment(self) -> dict[str, str]:
        """What patroni.env.example has, for this machine."""
        here = "127.0.0.1"
        return {
            "PATH": os.environ["PATH"],
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(self.programs.packages),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PATRONI_NAME": self.name,
            "PATRONI_ETCD3_HOSTS": self.etcd,
            "PATRONI_RESTAPI_LISTEN": f"{here}:{self.api_port}",
            "PATRONI_RESTAPI_CONNECT_ADDRESS": f"{here}:{self.api_port}",
            "PATRONI_POSTGRESQL_LISTEN": f"{here}:{self.port}",
            "PATRONI_POSTGRESQL_CONNECT_ADDRESS": f"{here}:{self.port}",
            "PATRONI_POSTGRESQL_DATA_DIR": str(self.data),
            "PATRONI_POSTGRESQL_BIN_DIR": str(self.programs.postgres),
            "PATRONI_POSTGRESQL_PGPASS": str(self.folder / "pgpass"),
            "PATRONI_SUPERUSER_USERNAME": "postgres",
            "PATRONI_SUPERUSER_PASSWORD": self.password,
            "PATRONI_REPLICATION_USERNAME": "replicator",
            "PATRONI_REPLICATION_PASSWORD": self.password,
            "PATRONI_REWIND_USERNAME": "rewind",
            "PATRONI_REWIND_PASSWORD": self.password,
        }

    def stop(self) -> None:
        """Whatever state it is in."""
        self.thaw()
        self._signal_all(signal.SIGKILL)

    def kill(self) -> None:
        """As when the power goes."""
        self._signal_all(signal.SIGKILL)

    def freeze(self) -> None:
        self._frozen += self._signal_all(signal.SIGSTOP)

    def freeze_stream(self) -> None:
        """What it commits is sent to no standby any more."""
        for process in self._processes():
            if any("walsender" in part for part in process.cmdline()):
                process.send_signal(signal.SIGSTOP)
                self._frozen.append(process)

    def thaw(self) -> None:
        for process in self._frozen:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGCONT)
        self._frozen.clear()

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Of Patroni's HTTP: status and answer; 0 when there is none."""
        link = HTTPConnection("127.0.0.1", self.api_port, timeout=ANSWER_SECONDS)
        try:
            link.request(method, path, json.dumps(body) if body is not None else None)
            answer = link.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException):
            return 0, None
        finally:
            link.close()
        with suppress(ValueError):
            return answer.status, json.loads(text)
        return answer.status, text

    def _signal_all(self, number: signal.Signals) -> list[psutil.Process]:
        """Patroni first, which would start what is killed again; then the postmaster, which would start backends."""
        found = sorted(self._processes(), key=lambda process: process.pid)
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        if number == signal.SIGKILL and self._patroni is not None:
            self._patroni.wait(30)
            self._patroni = None
            psutil.wait_procs(found, timeout=30)
        return found

    def _processes(self) -> list[psutil.Process]:
        found = [psutil.Process(self._patroni.pid)] if self._patroni and self._patroni.poll() is None else []
        data = str(self.data)
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.cwd() == data:
                    found.append(process)
        return found
