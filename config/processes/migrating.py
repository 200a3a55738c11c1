"""Django's migrations, without what costs most on a new database, and without a gap between done and noted."""

from contextlib import nullcontext
from typing import Any

from django.db import transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


class State(ProjectState):
    """What the models are like between migrations."""

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        """A model that is new is made, and takes its place beside those it refers to. Django makes all anew that it is
        related to, which ends at the whole shop: half the time that a new database took."""
        if "apps" in vars(self) and model_name not in self.apps.all_models[app_label]:
            self.apps.render_multiple([self.models[app_label, model_name]])
        else:
            super().reload_model(app_label, model_name, delay)

    @classmethod
    def of(cls, state: ProjectState) -> "State":
        """The same state, kept up to date this way."""
        same = cls()
        vars(same).update(vars(state))
        return same


class Executor(MigrationExecutor):
    def apply_migration(self, state: Any, migration: Any, *args: Any, **options: Any) -> Any:
        """A migration and that it is done commit together. Django notes it afterwards where foreign keys or indexes
        were put off to the end: cut off in between, it fails ever after on what is there already."""
        with transaction.atomic(self.connection.alias) if migration.atomic else nullcontext():
            return super().apply_migration(State.of(state), migration, *args, **options)
