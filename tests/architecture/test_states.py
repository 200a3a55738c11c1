"""The tables of states and the page that is drawn from them."""

import re
from pathlib import Path

import pytest

from orders.states import MACHINES, Trigger
from orders.status_colours import STATUS_COLOURS
from tests.architecture.source import PACKAGES, modules
from tools.drawing.page import documents

_ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", documents())
def test_the_page_and_its_pictures_say_what_the_tables_say(path: str) -> None:
    assert (_ROOT / path).read_text("utf-8") == documents()[path], "make states"


@pytest.mark.parametrize("name", MACHINES)
def test_a_table_names_its_own_states_and_each_can_be_reached(name: str) -> None:
    states, table = MACHINES[name]
    named = {state for step in table for state in step}

    assert named <= set(states.values)
    assert all(source != target and causes <= set(Trigger) for (source, target), causes in table.items())
    reached = {next(iter(table))[0]}
    for _ in table:
        reached |= {target for source, target in table if source in reached}
    assert named <= reached


def test_every_state_has_a_colour() -> None:
    assert {value for states, _ in MACHINES.values() for value in states.values} <= STATUS_COLOURS.keys()


def test_sql_takes_sets_of_statuses_from_the_state_table() -> None:
    """Else a new status must be looked for in every statement that lists some."""
    machines = [set(states.values) for states, _table in MACHINES.values()]
    spelled = re.compile(r"(?:IN \(|ARRAY\[)((?:'\w+'(?:, )?){2,})")

    found = [
        f"{module.name}: {match[1]}"
        for module in modules(*PACKAGES)
        for match in spelled.finditer(module.text)
        if any(set(re.findall(r"\w+", match[1])) <= statuses for statuses in machines)
    ]

    assert found == []
