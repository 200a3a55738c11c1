"""Between migrations the models are known as they would be without our short cut (config.processes.migrating)."""

from django.apps.registry import Apps
from django.db import models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from config.processes.migrating import State


def test_after_all_migrations_each_model_has_the_fields_and_relations_that_it_has_when_all_are_made_at_once() -> None:
    loader = MigrationLoader(None)
    step_by_step: ProjectState = State.of(ProjectState(real_apps=loader.unmigrated_apps))
    assert step_by_step.apps.get_models() == []  # made, and so kept up to date from here on

    for key in plan_of(loader):
        loader.graph.nodes[key].mutate_state(step_by_step, preserve=False)

    at_once = loader.project_state().apps
    assert shape_of(step_by_step.apps) == shape_of(at_once)
    assert len(at_once.get_models()) > 80


def plan_of(loader: MigrationLoader) -> list[tuple[str, str]]:
    plan: dict[tuple[str, str], None] = {}
    for leaf in loader.graph.leaf_nodes():
        plan.update(dict.fromkeys(loader.graph.forwards_plan(leaf)))
    return list(plan)


def shape_of(apps: Apps) -> dict[str, list[tuple[str, str, str]]]:
    return {model._meta.label: sorted(fields_of(model)) for model in apps.get_models(include_auto_created=True)}


def fields_of(model: type[models.Model]) -> list[tuple[str, str, str]]:
    return [
        (field.name, type(field).__name__, field.related_model._meta.label if field.related_model else "")
        for field in model._meta.get_fields(include_hidden=True)
    ]
