"""manage.py serve"""

from argparse import ArgumentParser

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection, connections

from config.environment.variables import env
from config.metrics.shown import shows_metrics
from config.processes.lifelines import stop_with_supervisor
from config.processes.pooler import PoolerUnfit, check_pooler
from config.web.ports import PortTaken, check_port_is_free, check_ports_differ
from config.web.server import serve
from config.web.takeover import CannotTakeOver, door_of, take_listener
from shared.database.restored import DOOR


class Command(BaseCommand):
    help = "Serve the admin and the API over HTTP. HOST, PORT and WEB_WORKERS are read from the environment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=env.host)
        parser.add_argument("--port", type=int, help="PORT, beside LIVE_PORT on one machine, unless it is given here")
        parser.add_argument("--workers", type=int, default=env.web_workers)
        parser.add_argument(
            "--takeover",
            action="store_true",
            help="take the place of the server that runs on this port, if one does, without breaking a connection",
        )

    def handle(
        self, *args: object, host: str, port: int | None, workers: int, takeover: bool, **options: object
    ) -> None:
        stop_with_supervisor()
        is_told_port, port = port is not None, port or env.port
        metrics = (env.metrics_host, env.metrics_port) if shows_metrics(env.metrics_port) else None
        try:
            doors = [("PORT", host, port), *([("METRICS_PORT", *metrics)] if metrics else [])]
            if env.live_port and not is_told_port:  # a port of its own is a container's, and its neighbours have theirs
                doors.append(("LIVE_PORT", host, env.live_port))
            check_ports_differ(*doors)
            check_pooler()
            taken = take_listener(door_of(env.kontor_home, port)) if takeover else None
            if taken is None:
                check_port_is_free(host, port)
                if metrics:
                    check_port_is_free(*metrics, variable="METRICS_PORT")
        except (CannotTakeOver, PoolerUnfit, PortTaken) as error:
            raise CommandError(str(error)) from error
        except (OperationalError, psycopg.OperationalError) as error:
            raise CommandError(f"The database does not answer at {_address()}: {str(error).strip()}") from error
        connections.close_all()
        DOOR.close_until_looked()
        serve(host=host, port=port, workers=workers, metrics=metrics, taken=taken)


def _address() -> str:
    """Where the web server looks for the database."""
    params = connection.get_connection_params()
    return f"{params.get('host') or 'the local socket'}:{params.get('port') or 5432}"
