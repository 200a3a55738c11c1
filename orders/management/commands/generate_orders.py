"""`manage.py generate_orders`: a shop whose tables are full."""

import argparse
import time

from django.core.management.base import BaseCommand

from orders.generator.generate import generate_orders
from orders.services.upkeep.refresh_sales import refresh_sales


class Command(BaseCommand):
    help = (
        "Fill the database with invented orders of the last three years, for measuring. Writes customers, catalogue, "
        "sellers, orders and their lines, but no stock, payments or history: `audit` will report these orders. "
        "Locks the order tables while it runs."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--orders", type=_positive_number, required=True)
        parser.add_argument("--customers", type=_positive_number, help="Default: one for every ten orders.")
        parser.add_argument("--seed", type=int, default=1, help="The same seed draws the same shop.")

    def handle(self, *, orders: int, customers: int | None, seed: int, **options: object) -> None:
        self._began = time.monotonic()
        generate_orders(
            orders=orders, customers=customers or max(100, orders // 10), seed=seed, say=self._print_progress
        )
        refresh_sales(everything=True)  # no events tell of these orders
        self._print_progress("done")

    def _print_progress(self, text: str) -> None:
        self.stdout.write(f"{time.monotonic() - self._began:7.1f} s  {text}")
        self.stdout.flush()


def _positive_number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number
