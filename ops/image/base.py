"""A base image for a machine that reaches no registry: Debian with the Python that the Dockerfile asks for."""

import subprocess
from pathlib import Path
from typing import Final

BASE: Final = "docker.io/library/python:3.11-slim"
_OURS: Final = "localhost/python:3.11-slim"
_PACKAGES: Final = "python3,python3-pip,ca-certificates"


def make_base(folder: Path) -> str:
    """Its name. Made once: an image of that name is taken as it is. Raises CalledProcessError."""
    if subprocess.run(["buildah", "inspect", "--type=image", _OURS], capture_output=True, check=False).returncode == 0:
        return _OURS
    root = folder / "root"
    _run("debootstrap", "--variant=minbase", f"--include={_PACKAGES}", "bookworm", str(root))
    (root / "usr/bin/python").symlink_to("python3")
    (root / "usr/lib/python3.11/EXTERNALLY-MANAGED").unlink()  # pip is the image's own here, as in Python's image
    container = _run("buildah", "from", "scratch")
    _run("buildah", "add", container, str(root), "/")
    _run("buildah", "config", "--cmd", "python3", container)
    _run("buildah", "commit", "--rm", container, _OURS)
    return _OURS


def _run(*command: str) -> str:
    """The last line that it prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip().rpartition("\n")[2]
