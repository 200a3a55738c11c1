"""The embedded PostgreSQL by hand: python -m embedded_postgres url|start|stop|status|psql"""

import argparse
import os
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from embedded_postgres.home.places import RunFolder, Server
from embedded_postgres.home.users import is_kept
from embedded_postgres.lifecycle import EmbeddedPostgresError, bin_dir, ensure_running, stop
from embedded_postgres.server.roles import DATABASE_USER, SUPERUSER

COMMANDS = {
    "url": "print where to connect, starting the server if need be (it stays for a minute, and while one is connected)",
    "start": "start the server and keep it up until `stop`, users or not",
    "stop": "stop the server now, whoever uses it",
    "status": "say whether the server runs, and where its files are (exit code 3: it does not)",
    "psql": "open psql, or pass it the arguments that follow",
}


def main() -> int:
    lines = "\n".join(f"  {name:8}{text}" for name, text in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m embedded_postgres", epilog=lines, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--home", type=Path, default=None, help="default: KONTOR_HOME, else .kontor")
    parser.add_argument("--superuser", action="store_true", help="as the role that may do everything, for url and psql")
    parser.add_argument("command", choices=COMMANDS)
    arguments, rest = parser.parse_known_args()
    if rest and arguments.command != "psql":
        parser.error(f"unexpected: {' '.join(rest)}")
    project = Path(__file__).resolve().parents[1]
    home = arguments.home or project / os.environ.get("KONTOR_HOME", ".kontor")
    try:
        return _run_command(arguments.command, home, SUPERUSER if arguments.superuser else DATABASE_USER, rest)
    except EmbeddedPostgresError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _run_command(command: str, home: Path, role: str, rest: list[str]) -> int:
    run = RunFolder.of(home)
    if command == "stop":
        return 0 if stop(home) else 1
    if command == "status":
        return _report_status(run)
    url = ensure_running(home).replace(f"//{DATABASE_USER}@", f"//{role}@")
    if command == "psql":
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is psql's
        return subprocess.run([bin_dir(home) / "psql", url, *rest], check=False).returncode  # noqa: S603
    if command == "start":
        run.pin.touch()
    else:  # whoever is told the URL has no lock, and may not be connected yet when this process has ended
        run.write(run.promise.name, "")
    sys.stdout.write(f"{url}\n")
    return 0


def _report_status(run: RunFolder) -> int:
    if not (run.path.is_dir() and is_kept(run)):
        sys.stdout.write("stopped\n")
        return 3
    server = Server.read(run)
    sys.stdout.write("running\n")
    if server:
        sys.stdout.writelines(f"{name} {value}\n" for name, value in asdict(server).items())
    return 0


if __name__ == "__main__":
    sys.exit(main())
