"""docs/states.md and its pictures."""

from collections.abc import Mapping

from django.utils import translation

from orders.states import MACHINES, Table, Trigger
from tools.drawing.svg import draw

PAGE = "docs/states.md"
_TITLES = {
    "order": "An order, or a sub-order of one",
    "item": "A line of an order",
    "payment": "What is paid of an order",
    "shipment": "A shipment",
    "refund": "A refund",
    "return": "A return",
}
_INTRODUCTION = """# States

Written by `make states` from the tables in `orders/states.py`; a test holds them together. The same
tables decide what services allow, what an `invalid_transition` names as `allowed`, and which buttons
the admin shows. An order over several sellers stands where its sub-orders do (`status_of_parent`): at
the slowest of those that are not cancelled, and at PROCESSING as soon as the first has begun.
"""


def documents() -> Mapping[str, str]:
    """Every file, by its path from the root of the checkout."""
    with translation.override("en"):
        pictures = {
            _path_of_picture(name): draw(_TITLES[name], [str(state) for state in states.values], table)
            for name, (states, table) in MACHINES.items()
        }
        return {PAGE: _make_page(), **pictures}


def _path_of_picture(name: str) -> str:
    return f"docs/images/states-{name}.svg"


def _make_page() -> str:
    sections = [line for name, (_, table) in MACHINES.items() for line in _section_lines(name, table)]
    triggers = ["## What moves them", "", *(f"- `{trigger.value}`: {trigger.label}" for trigger in Trigger), ""]
    return "\n".join([_INTRODUCTION, *sections, *triggers])


def _section_lines(name: str, table: Table) -> list[str]:
    rows = [f"| {source} | {target} | {', '.join(sorted(causes))} |" for (source, target), causes in table.items()]
    picture = f"![{_TITLES[name]}]({_path_of_picture(name).removeprefix('docs/')})"
    return [f"## {_TITLES[name]}", "", picture, "", "| from | to | moved by |", "|---|---|---|", *rows, ""]
