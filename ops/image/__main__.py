"""make image-check: build the image of the Dockerfile, and take an order in it from set-up to its mail.

Needs buildah, as root, no container engine. The base image is pulled; with --debootstrap it is made of Debian's own
packages, where no registry can be reached. The database is a throwaway one beside it. Exit code 1 where the image does
not do what compose asks of it, 2 where it could not be built.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from ops.image.base import BASE, make_base
from ops.image.building import BuildError, build
from ops.image.containers import containers
from ops.image.database import database
from ops.image.trying import SmokeError, try_out

PROJECT: Final = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="ops.image", description=__doc__)
    parser.add_argument("--debootstrap", action="store_true", help="make the base image of Debian's packages")
    options = parser.parse_args()
    # Without an engine: files in folders, and a container is a chroot of its own.
    os.environ |= {"STORAGE_DRIVER": "vfs", "BUILDAH_ISOLATION": "chroot"}
    try:
        with tempfile.TemporaryDirectory(prefix="kontor-image-") as folder:
            image = build(PROJECT, make_base(Path(folder)) if options.debootstrap else BASE)
    except (BuildError, subprocess.CalledProcessError, FileNotFoundError) as error:
        print(f"The image could not be built: {error}", file=sys.stderr)
        return 2
    with database() as url, containers(image, url) as start:
        try:
            try_out(start)
        except SmokeError as error:
            print(error, file=sys.stderr)
            return 1
    print("The image sets up, serves, works and takes an order.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
