"""manage.py remove_demo_shop"""

import argparse

from django.core.management.base import BaseCommand, CommandError

from crm.demo.removal.asking import check_demo_there
from crm.demo.removal.kinds import KINDS
from crm.demo.removal.plan import plan_removal
from crm.demo.removal.reasons import reason_text
from crm.demo.removal.remove import remove_demo_shop
from shared.actor import SYSTEM
from shared.errors import Refusal


class Command(BaseCommand):
    help = (
        "Take the demo shop away: its goods, people, orders and stock. The shop's settings, its own staff and what was "
        "added stay. Says what would go; with --yes it does so."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--yes", action="store_true", help="Remove it.")
        parser.add_argument(
            "--with-trials", action="store_true", help="Also what was tried out with demo goods and customers."
        )

    def handle(self, *, yes: bool, with_trials: bool, **options: object) -> None:
        try:
            check_demo_there()
            if not yes:
                self._print_plan(with_trials=with_trials)
                return
            removal = remove_demo_shop(with_trials=with_trials, actor=SYSTEM, say=self._print_progress)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(f"Removed: {sum(removal.removed.values())} records.")
        for name, count in removal.kept.items():
            self.stdout.write(f"  kept: {count} {name}")

    def _print_plan(self, *, with_trials: bool) -> None:
        plan = plan_removal(with_trials=with_trials, actor=SYSTEM)
        for kind in KINDS:
            if plan.goes[kind.model]:
                self.stdout.write(f"{len(plan.goes[kind.model]):6} {kind.name}")
            for reason, count in plan.reasons(kind.model).items():
                self.stdout.write(f"{'':6} {count} {kind.name} stay: {reason_text(reason)}")
        self.stdout.write("Nothing has been removed. To remove it: manage.py remove_demo_shop --yes")

    def _print_progress(self, stage: str) -> None:
        self.stderr.write(stage)
        self.stderr.flush()
