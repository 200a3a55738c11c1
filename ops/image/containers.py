"""Containers of one image, as compose starts them, beside a throwaway database."""

import os
import secrets
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Final

from ops.failover.ports import free_port

STOP_SECONDS: Final = 30
PASSWORD: Final = secrets.token_urlsafe(16)
EMAIL: Final = "admin@example.com"


@dataclass(frozen=True)
class Container:
    """A command of the image's, running. `port`: what PORT says to it."""

    process: subprocess.Popen[str]
    port: int


Start = Callable[..., Container]


@contextmanager
def containers(image: str, url: str) -> Iterator[Start]:
    """`start("serve", "--port", "8000")`; all are gone with the block."""
    port = free_port()
    variables = {
        "DATABASE_URL": url,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "KONTOR_ADMIN_EMAIL": EMAIL,
        "KONTOR_ADMIN_PASSWORD": PASSWORD,
        "PORT": str(port),
        "HOST": "127.0.0.1",
    }
    with ExitStack() as stack:

        def start(*command: str) -> Container:
            name = _output("buildah", "from", image)
            stack.callback(_output, "buildah", "rm", name)
            environment = [f"--env={key}={value}" for key, value in variables.items()]
            run = ["buildah", "run", *environment, name, "--", "python", "manage.py"]
            process = stack.enter_context(
                subprocess.Popen(
                    [*run, *command],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    start_new_session=True,
                )
            )
            stack.callback(_stop, process)
            return Container(process, port)

        yield start


def _stop(process: subprocess.Popen[str]) -> None:
    if process.poll() is not None:
        return
    os.killpg(process.pid, 15)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
