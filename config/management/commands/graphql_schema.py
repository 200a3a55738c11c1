"""manage.py graphql_schema: the schema as SDL, to be kept in docs/schema.graphql."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.module_loading import import_string

from config.environment.variables import BASE_DIR

KEPT: Path = BASE_DIR / "docs" / "schema.graphql"


class Command(BaseCommand):
    help = "Prints the GraphQL schema; --check compares it with docs/schema.graphql, --write writes it there."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")
        parser.add_argument("--write", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        text = str(import_string("config.graphql.schema.schema").as_str()).rstrip() + "\n"
        if options["check"]:
            if not KEPT.exists() or KEPT.read_text("utf-8") != text:
                raise CommandError(f"{KEPT.name} is not the schema any more: make graphql")
        elif options["write"]:
            KEPT.write_text(text, "utf-8")
        else:
            self.stdout.write(text, ending="")
