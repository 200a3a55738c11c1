from typing import Any

from django.core.management.base import BaseCommand

from users.access.roles import ACTIONS, MODELS, ROLES, VERBS, letters

_INTRODUCTION = """# Roles

Written by `make roles` from `users/access/roles.py`; a test holds both. Why:
[the decision](decisions/roles.md). Give a member of staff one or more roles on their page in the
admin. A staff user **without any role** may do nothing, in the admin and over the API, where they read
their own login alone; a superuser may do everything.
"""


class Command(BaseCommand):
    help = "Print docs/roles.md."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(describe_roles(), ending="")


def describe_roles() -> str:
    """The matrix of roles as Markdown."""
    keys = [role.key for role in ROLES]
    head = ["| | " + " | ".join(keys) + " |", "|---|" + "---|" * len(keys)]
    who = [f"- **{role.key}**: {role.does}" for role in ROLES]
    reach = [
        _table_row("sees", [str(role.sees.label).lower() for role in ROLES]),
        _table_row("changes", [str(role.changes.label).lower() for role in ROLES]),
        _table_row("orders and stock", ["their sellers'" if role.only_own_sellers else "all" for role in ROLES]),
    ]
    actions = [
        _table_row(f"{does} `{name}`", ["yes" if key == "admin" or key in holders else "" for key in keys])
        for name, (does, holders) in ACTIONS.items()
    ]
    models = [_table_row(f"`{model}`", [_describe_verbs(letters(model, key)) for key in keys]) for model in MODELS]
    parts = (
        [_INTRODUCTION, *who, ""],
        ["## Whose customers, companies, leads, deals and tasks", "", "What has no owner is everybody's.", ""],
        [*head, *reach, ""],
        ["## Actions", "", *head, *actions, ""],
        ["## Records", "", *head, *models, ""],
    )
    return "\n".join(line for part in parts for line in part)


def _table_row(name: str, cells: list[str]) -> str:
    return f"| {name} | " + " | ".join(cells) + " |"


def _describe_verbs(kept: str) -> str:
    return "all" if kept == "".join(VERBS) else ", ".join(VERBS[letter] for letter in kept)
