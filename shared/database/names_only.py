"""Migrations that change what models and fields are called, and no table."""

from collections.abc import Sequence

from django.db.migrations.operations import SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class NamesOnly(SeparateDatabaseAndState):
    """Changes of names, helps and choices, written into the migrations' state alone.

    Django makes the classes of all models it reaches anew for each such operation, a tenth of a second every time:
    hundreds of them were most of the time that an empty database takes to be migrated.
    """

    def __init__(self, state_operations: Sequence[Operation]) -> None:
        super().__init__(state_operations=state_operations)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # made again, once, by the next operation that needs them
        super().state_forwards(app_label, state)
