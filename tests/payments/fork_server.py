"""A process with Django loaded that forks one child for each line it reads, and answers with its process id.

A line is {"call": "module:function", "settings": {…}, "arguments": {…}}. No connection is open when it forks."""

import importlib
import json
import os
import signal
import sys
from typing import Any
from uuid import UUID


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children: no zombies
    for line in sys.stdin:
        wanted = json.loads(line)
        child = os.fork()
        if child == 0:
            run(wanted)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def run(wanted: dict[str, Any]) -> None:
    from django.conf import settings

    from shared.actor import SYSTEM

    for name, value in wanted["settings"].items():
        setattr(settings, name, value)
    module, _, name = wanted["call"].partition(":")
    arguments: dict[str, Any] = {
        key: UUID(value) if key.endswith("_id") else value for key, value in wanted["arguments"].items()
    }
    if "actor" in arguments:
        arguments["actor"] = SYSTEM
    if "body" in arguments:
        arguments["body"] = arguments["body"].encode()
    code = 1
    try:
        getattr(importlib.import_module(module), name)(**arguments)
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
