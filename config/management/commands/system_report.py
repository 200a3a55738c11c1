"""manage.py system_report"""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from config.upkeep.report import Level
from config.upkeep.system import read_system


class Command(BaseCommand):
    help = "Print what System in the admin shows. Exit code 1 if something is to be done at once."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        parts = read_system()
        for part in parts:
            self.stdout.write(self.style.MIGRATE_HEADING(part.title))
            for line in part.lines:
                self.stdout.write(f"  {line.level.name.lower():8}{line.what}: {line.figure}")
                if line.advice:
                    self.stdout.write(f"          {line.advice}")
        if any(part.level is Level.ACT for part in parts):
            sys.exit(1)
