"""manage.py load_demo_shop"""

import argparse
import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from crm.demo.load import load_demo_shop
from crm.demo.opening import START_ANEW, LoadInterrupted, ShopNotEmpty
from crm.demo.order_plan import MIN_ORDERS
from crm.demo.people import BUYERS, STAFF
from shared.errors import Refusal

DEFAULT_ORDERS = 300
MAX_ORDERS = 5_000


class Command(BaseCommand):
    help = (
        "Fill an empty shop with made-up products, customers, stock and 90 days of orders, made by the very "
        "functions the shop runs on. Prints the demo logins' password once. No API keys are made."
    )
    requires_system_checks = ()
    stealth_options = ("logins",)

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--orders", type=_order_count, default=DEFAULT_ORDERS, help="How many (300).")
        parser.add_argument("--password", help="Of all demo logins; generated when not given.")
        parser.add_argument(
            "--if-empty", action="store_true", help="Leave a shop that is not empty alone, and be content."
        )

    def handle(
        self, *, orders: int, password: str | None, if_empty: bool, logins: list[str] | None = None, **options: object
    ) -> None:
        """`logins`: see `prepare`."""
        if password is not None:
            _check_password(password)
        chosen = password or secrets.token_urlsafe(12)
        self._begun = time.monotonic()
        try:
            with _only_warnings_logged():
                load_demo_shop(password=chosen, orders=orders, say=self._print_progress, is_first=if_empty)
        except ShopNotEmpty as refusal:
            if not if_empty:
                raise CommandError(refusal.detail) from refusal
            if isinstance(refusal, LoadInterrupted):
                self.stderr.write(refusal.detail, self.style.WARNING)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        except KeyboardInterrupt:
            self.stderr.write(f"Interrupted: the demo shop is incomplete. {START_ANEW}", self.style.WARNING)
            raise
        else:
            lines = _lines_of_logins(chosen, generated=password is None)
            if logins is None:
                self.stdout.write("\n".join(["Demo shop loaded.", *(f"  {line}" for line in lines)]))
            else:
                logins += lines

    def _print_progress(self, stage: str) -> None:
        self.stderr.write(f"{time.monotonic() - self._begun:5.1f} s  {stage}", self.style.SUCCESS)
        self.stderr.flush()


def _lines_of_logins(password: str, *, generated: bool) -> list[str]:
    return [
        f"staff     {', '.join(STAFF)}",
        f"buyers    {', '.join(BUYERS)}",
        f"password  {password + '  (shown this once)' if generated else 'as given'}",
    ]


def _order_count(text: str) -> int:
    number = int(text)
    if not MIN_ORDERS <= number <= MAX_ORDERS:
        raise argparse.ArgumentTypeError(f"must be {MIN_ORDERS} to {MAX_ORDERS:,}")
    return number


def _check_password(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error


@contextmanager
def _only_warnings_logged() -> Iterator[None]:
    """A line in the log for each of some thousand steps would bury the progress."""
    log = logging.getLogger("kontor")
    before = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(before)
