"""manage.py worker"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from config.processes.lifelines import stop_with_supervisor
from config.processes.queues import Queue
from config.processes.worker import run_worker


class Command(BaseCommand):
    help = "Run jobs: the schedule of config/jobs.py and whatever services enqueue. Start as many as you like."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="end when there is no job left")
        parser.add_argument(
            "--queues",
            nargs="+",
            type=Queue,
            default=list(Queue),
            metavar="QUEUE",
            help=f"of these alone: {', '.join(Queue)} (all)",
        )

    def handle(self, *args: object, once: bool, queues: list[Queue], **options: object) -> None:
        stop_with_supervisor()
        run_worker(once=once, queues=queues)
