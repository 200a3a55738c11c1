#!/usr/bin/env python
"""Django's command line for Kontor."""

import gc
import os
import sys
from typing import Any


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["run"]:
        from config.processes.running import REPORT_VARIABLE, run

        if REPORT_VARIABLE not in os.environ:  # before Django takes its memory: this process stays
            sys.exit(run(sys.argv[2:]))
    # Nothing of what is loaded becomes garbage: looking for it again and again took a quarter of a command's start.
    gc.disable()
    from django.core.management import ManagementUtility

    class Utility(ManagementUtility):
        def fetch_command(self, subcommand: str) -> Any:
            """Called once all apps are loaded."""
            gc.freeze()
            gc.enable()
            return super().fetch_command(subcommand)

    Utility(sys.argv).execute()


if __name__ == "__main__":
    main()
