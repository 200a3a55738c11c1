"""Every table of ours has a history, or a reason to have none."""

from django.apps import apps

from config.history import TRACKED, UNTRACKED
from tests.architecture.source import PACKAGES


def test_every_model_is_followed_or_says_why_not() -> None:
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if _is_ours(model)}
    tracked = {entry.table for entry in TRACKED}

    assert ours - tracked - set(UNTRACKED) == set(), "add these to config/history.py"
    assert not tracked & set(UNTRACKED)
    assert set(UNTRACKED) <= ours


def test_columns_named_for_the_history_are_there() -> None:
    for entry in TRACKED:
        columns = {field.column for field in entry.model._meta.concrete_fields}
        named = {entry.parent, *entry.redact, *entry.keep, *entry.ignore} - {"updated_at"}
        assert named <= columns, entry.table


def _is_ours(model: type) -> bool:
    return model.__module__.split(".")[0] in PACKAGES
