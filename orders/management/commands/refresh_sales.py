"""`manage.py refresh_sales`: the sums behind the dashboard."""

import argparse

from django.core.management.base import BaseCommand

from orders.services.upkeep.refresh_sales import refresh_sales
from shared.http.per_request import keeping


class Command(BaseCommand):
    help = "Bring the sums behind the dashboard up to date with the orders; the worker does it every minute."
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="Add up every order, not only what has changed.")

    def handle(self, *, all: bool, **options: object) -> None:
        with keeping():
            refresh_sales(everything=all)
        self.stdout.write("Sales are up to date.")
