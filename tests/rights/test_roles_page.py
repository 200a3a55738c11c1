"""The table of roles, its page, and the tables that it names."""

from pathlib import Path

from django.apps import apps
from django.contrib import admin

from tools.management.commands.describe_roles import describe_roles
from users.access.roles import ACTIONS, MODELS, ROLES, VERBS

_PAGE = Path(__file__).parents[2] / "docs" / "roles.md"


def test_the_page_says_what_the_table_says() -> None:
    assert _PAGE.read_text("utf-8") == describe_roles(), "make roles"


def test_every_row_has_a_cell_for_every_role() -> None:
    keys = {role.key for role in ROLES}
    for model, cells in MODELS.items():
        assert len(cells.split()) == len(ROLES), model
        assert set(cells) <= {*VERBS, "-", " "}, model
    assert all(holders <= keys for _, holders in ACTIONS.values())


def test_every_model_of_the_admin_has_a_row() -> None:
    labels = {model._meta.label_lower for model in admin.site._registry}
    by_action = {"exchange.import", "exchange.export"}  # for whom importing and exporting are

    assert labels - by_action <= MODELS.keys(), "users/access/roles.py says what each role may do with it"


def test_the_table_names_models_and_permissions_that_there_are() -> None:
    known = {model._meta.label_lower: model._meta for model in apps.get_models()}
    special = {f"{meta.app_label}.{name}" for meta in known.values() for name, _ in meta.permissions}

    assert MODELS.keys() <= known.keys()
    assert special == ACTIONS.keys(), "a right of its own that no role has, or a role's that is none"
