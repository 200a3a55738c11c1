"""manage.py sandbox_provider"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from payments.sandbox.books import Books
from payments.sandbox.postman import Postman
from payments.sandbox.server import SandboxServer


class Command(BaseCommand):
    help = "Run a payment provider that moves play money and behaves like a real one (docs/payments.md)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=urlsplit(settings.SANDBOX_PROVIDER_URL).port or 8200)
        parser.add_argument("--books", type=Path, help="its SQLite file; unset: sandbox.sqlite3 in KONTOR_HOME")
        parser.add_argument(
            "--webhooks",
            default=f"http://127.0.0.1:{settings.PORT}/api/v1/webhooks/sandbox",
            help="'': sends none",
        )
        parser.add_argument("--messy", action="store_true", help="send webhooks twice, late and in any order")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SANDBOX_WEBHOOK_SECRET:
            raise CommandError("Set SANDBOX_WEBHOOK_SECRET, the same for Kontor and for the sandbox.")
        path: Path = options["books"] or settings.KONTOR_HOME / "sandbox.sqlite3"
        path.parent.mkdir(parents=True, exist_ok=True)
        books = Books(path)
        server = SandboxServer((options["host"], options["port"]), books)
        if options["webhooks"]:
            Postman(
                books,
                url=options["webhooks"],
                secret=settings.SANDBOX_WEBHOOK_SECRET,
                is_messy=options["messy"],
            ).start()
        self.stdout.write(f"Sandbox at {server.url}, books in {path}; Ctrl-C stops it.")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
        finally:
            server.server_close()
            books.close()
