"""manage.py serve"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from config.environment.variables import env
from config.metrics.shown import shows_metrics
from config.processes.lifelines import stop_with_supervisor
from config.web.server import PortTaken, check_port_is_free, serve


class Command(BaseCommand):
    help = "Serve the admin and the API over HTTP. HOST, PORT and WEB_WORKERS are read from the environment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=env.host)
        parser.add_argument("--port", type=int, default=env.port)
        parser.add_argument("--workers", type=int, default=env.web_workers)

    def handle(self, *args: object, host: str, port: int, workers: int, **options: object) -> None:
        stop_with_supervisor()
        try:
            check_port_is_free(host, port)
            metrics = (env.metrics_host, env.metrics_port) if shows_metrics(env.metrics_port) else None
            if metrics:
                check_port_is_free(*metrics, variable="METRICS_PORT")
        except PortTaken as error:
            raise CommandError(str(error)) from error
        connections.close_all()
        serve(host=host, port=port, workers=workers, metrics=metrics)
