"""manage.py worker"""

from argparse import ArgumentParser

import structlog
from django.core.management.base import BaseCommand, CommandError

from config.environment.variables import env
from config.metrics.server import serve_metrics_in_a_thread
from config.metrics.shown import shows_metrics
from config.processes.lifelines import stop_with_supervisor
from config.processes.queues import Queue
from config.processes.worker import WorkerEnded, run_worker
from config.web.ports import PortTaken, bind
from shared.metrics.tracing import flush

log = structlog.get_logger("kontor.metrics")


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
        if shows_metrics(env.metrics_port) and not once:
            try:
                listener = bind(env.metrics_host, env.metrics_port, variable="METRICS_PORT")
            except PortTaken:
                log.info("metrics_shown_elsewhere", port=env.metrics_port)  # by the web server of the same home, likely
            else:
                serve_metrics_in_a_thread(listener)
        try:
            run_worker(once=once, queues=queues)
        except WorkerEnded as error:
            raise CommandError(str(error)) from error
        finally:
            flush()
