"""Build the Dockerfile as it stands."""

import os
import subprocess
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Final

IMAGE: Final = "localhost/kontor-check"
# Where pip finds packages on this machine, if not on the network: passed on, as the build's own are.
_PIP: Final = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_CONSTRAINT")


class BuildError(Exception):
    """The Dockerfile does not build. The text has the end of what buildah said."""


def build(project: Path, base: str) -> str:
    """The image's name, built of what is committed. Raises BuildError."""
    with tempfile.TemporaryDirectory(prefix="kontor-context-") as context:
        archive = subprocess.run(["git", "archive", "HEAD"], cwd=project, capture_output=True, check=True).stdout
        with tarfile.open(fileobj=BytesIO(archive)) as files:
            files.extractall(context, filter="data")
        done = subprocess.run(
            ["buildah", "build", "--from", base, "--network=host", *_of_this_machine(), "--tag", IMAGE, context],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode:
        raise BuildError((done.stdout + done.stderr)[-3000:])
    return IMAGE


def _of_this_machine() -> list[str]:
    """Certificates and packages that only this machine has, as IMAGE_CHECK_MOUNTS names them: folders, by commas."""
    mounts = [path for path in os.environ.get("IMAGE_CHECK_MOUNTS", "").split(",") if path]
    names = [name for name in _PIP if name in os.environ]
    return [
        *(f"--volume={path}:{path}:ro" for path in mounts),
        *(f"--env={name}={os.environ[name]}" for name in names),
    ]
