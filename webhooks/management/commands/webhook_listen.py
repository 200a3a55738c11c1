"""`manage.py webhook_listen`: see what an endpoint would be sent, without writing a receiver first."""

import argparse
import base64
import binascii
import os
import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from shared.errors import Refusal
from users.models.user import User
from webhooks.endpoints.secrets import PREFIX
from webhooks.management.listening import Listener
from webhooks.services.delete_endpoint import delete_endpoint
from webhooks.services.save_endpoint import create_endpoint

_VARIABLE = "KONTOR_WEBHOOK_SECRET"


class Command(BaseCommand):
    help = (
        "Receive webhooks on this machine and print each that is signed with the endpoint's secret; Ctrl-C ends it. "
        "Nothing is registered, unless --register asks for an endpoint that lasts as long as this runs."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=9000, help="where to listen on 127.0.0.1 (%(default)s)")
        parser.add_argument("--secret", default="", help=f"the endpoint's, whsec_…; else that of ${_VARIABLE}")
        parser.add_argument("--register", default="", metavar="EMAIL", help="make an endpoint of this colleague's")
        parser.add_argument("--types", default="*", help="with --register: types of events, with commas between them")

    def handle(self, *, port: int, secret: str, register: str, types: str, **options: object) -> None:
        secret = secret or os.environ.get(_VARIABLE, "")
        if not register:
            _check_secret(secret)
        try:
            listener = Listener(port, say=self._say, secret=secret)
        except OSError as error:
            raise CommandError(f"Port {port}: {error.strerror}. Name another one with --port.") from error
        # As Ctrl-C does: the endpoint that was made must go however this ends.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        with listener:
            made = self._register(listener, register, types.split(",")) if register else None
            try:
                self._say(f"Listening on {listener.url}")
                listener.serve_forever()
            except KeyboardInterrupt:
                pass
            finally:
                if made is not None:
                    delete_endpoint(endpoint_id=made.pk)

    def _register(self, listener: Listener, email: str, types: list[str]) -> Any:
        owner = User.objects.filter(email__iexact=email, is_active=True).first()
        if owner is None:
            raise CommandError(f"Nobody signs in as {email}.")
        host = listener.url.removeprefix("http://").rstrip("/")
        if host not in settings.WEBHOOK_ALLOW_HOSTS:
            raise CommandError(f"Start Kontor and this with WEBHOOK_ALLOW_HOSTS={host}: else it sends nothing there.")
        try:
            endpoint, listener.secret = create_endpoint(
                owner=owner, url=listener.url, types=[name.strip() for name in types], description="webhook_listen"
            )
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        return endpoint

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()  # who pipes it waits for the next line, not for a full buffer


def _check_secret(secret: str) -> None:
    try:
        is_one = secret.startswith(PREFIX) and base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        is_one = False
    if not is_one:
        raise CommandError(f"Give the endpoint's secret (--secret whsec_… or ${_VARIABLE}), or --register EMAIL.")
