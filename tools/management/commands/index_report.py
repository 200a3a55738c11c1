"""`manage.py index_report`: are the indexes worth what they cost?"""

import argparse

from django.core.management.base import BaseCommand

from tools.measuring.index_health import REPORTS, examine_indexes


class Command(BaseCommand):
    help = "Name unused and duplicate indexes, foreign keys without one, and indexes that are mostly empty space."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--least-mb", type=int, default=8, help="Say nothing of unused indexes on tables smaller than this."
        )

    def handle(self, *, least_mb: int, **options: object) -> None:
        for name, (meaning, _) in REPORTS.items():
            findings = examine_indexes(name, least_bytes=least_mb * 1024 * 1024)
            self.stdout.write(self.style.MIGRATE_HEADING(f"{name}: {len(findings) or 'none'}"))
            if findings:
                self.stdout.write(f"  {meaning}")
            for found in findings:
                self.stdout.write(f"  - {found.table}: {found.what} ({found.facts})")
