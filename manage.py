#!/usr/bin/env python
"""Django's command line for Kontor."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if sys.argv[1:2] == ["run"]:
        from config.processes.running import REPORT_VARIABLE, run

        if REPORT_VARIABLE not in os.environ:  # before Django takes its memory: this process stays
            sys.exit(run(sys.argv[2:]))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
