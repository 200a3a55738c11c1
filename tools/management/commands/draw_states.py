from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tools.drawing.page import documents


class Command(BaseCommand):
    help = "Write docs/states.md and its pictures from the tables of states."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for path, text in documents().items():
            (Path(settings.BASE_DIR) / path).write_text(text, "utf-8")
            self.stdout.write(path)
