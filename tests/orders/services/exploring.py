"""Every order of the steps of two threads that could make a difference, each of them run once.

Dynamic partial-order reduction (Flanagan and Godefroid, 2005) with sleep sets: one run is made; wherever two of its
steps that depend on one another could have come in the other order, another run begins that way. Orders that differ
only by steps which do not depend on one another end the same, and one of them stands for all.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.orders.services.footprints import Step, are_dependent
from tests.orders.services.stepping import Stage, State


class NotRepeatable(Exception):
    """The same orders were given, and other steps followed."""


@dataclass
class _Node:
    """Before one step: who may go on, with what; whose turn was tried, and whose is still to be."""

    offers: dict[int, Step]
    sleeping: dict[int, Step]
    chosen: int = -1
    tried: dict[int, Step] = field(default_factory=dict)
    wanted: set[int] = field(default_factory=set)

    def choose(self, number: int) -> None:
        self.chosen = number
        self.tried[number] = self.offers[number]

    def sleeping_after(self) -> dict[int, Step]:
        asleep = self.sleeping | {number: step for number, step in self.tried.items() if number != self.chosen}
        return {number: step for number, step in asleep.items() if not are_dependent(step, self.offers[self.chosen])}


@dataclass(frozen=True)
class Schedule:
    """Whose turn it was at each step; `is_new` False: another run has stood for it."""

    turns: str
    is_new: bool


class Explorer:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._nodes: list[_Node] = []

    def schedules(self, begin: Callable[[], None], limit: int) -> Iterator[Schedule]:
        """Make the runs one by one, each after `begin`; up to `limit`."""
        for _ in range(limit):
            begin()
            yield self._run()
            if not self._turn_back():
                return

    def serially(self, begin: Callable[[], None], *, between: frozenset[int] = frozenset()) -> Iterator[str]:
        """One of the two whole, then the other. Those of `between` may be met after each of their transactions, too:
        for each of these places a run in which the other one comes there."""
        wanted: list[tuple[int, ...]] = [(0,), (1,)]
        while wanted:
            begin()
            turns = list(wanted.pop())
            wanted += self._run_transactions(turns, between)
            yield "".join(map(str, turns))

    def _run_transactions(self, turns: list[int], between: frozenset[int]) -> list[tuple[int, ...]]:
        """A transaction for each of the turns, then on with whoever had the last; `turns` is made longer. Answers the
        turns of runs that are to be made besides."""
        besides: list[tuple[int, ...]] = []
        place = 0
        while parked := self._stage.parked():
            if place == len(turns):
                last = turns[-1]
                if last in between and len(parked) == 2:
                    besides.append((*turns, 1 - last))
                turns.append(last if last in parked else parked[0])
            self._run_transaction(turns[place])
            place += 1
        return besides

    def _run_transaction(self, number: int) -> None:
        while number in self._stage.parked():
            is_last = self._stage.actors[number].step.ends_transaction
            self._stage.go_on(number)
            if is_last:
                return

    def _run(self) -> Schedule:
        done: list[tuple[int, Step, Step]] = []  # whose turn, its step, and how those that follow see it
        is_new = True
        while parked := self._stage.parked():
            offers = {number: self._stage.actors[number].step for number in parked}
            if len(done) < len(self._nodes):
                node = self._nodes[len(done)]
                if node.offers != offers:
                    raise NotRepeatable(f"{node.offers} became {offers}")
            else:
                node = self._next_node(offers)
                is_new = is_new and node.chosen not in node.sleeping
            step = offers[node.chosen]
            self._stage.go_on(node.chosen)
            if self._stage.actors[node.chosen].state is State.BLOCKED:
                node.tried[node.chosen] = step.behind_lock()
            done.append((node.chosen, step, node.tried[node.chosen]))
        if is_new:
            self._look_for_races(done)
        return Schedule("".join(str(number) for number, *_ in done), is_new)

    def _next_node(self, offers: dict[int, Step]) -> _Node:
        last = self._nodes[-1] if self._nodes else None
        node = _Node(offers, last.sleeping_after() if last else {})
        awake = [number for number in offers if number not in node.sleeping] or list(offers)
        node.choose(last.chosen if last and last.chosen in awake else awake[0])
        self._nodes.append(node)
        return node

    def _look_for_races(self, done: list[tuple[int, Step, Step]]) -> None:
        """For each step the last one of the other thread that it depends on, unless what it did before depends on that
        already: there the other order is wanted as well."""
        known = [-1, -1]  # up to which of the other's steps each has seen
        for place, (number, step, _) in enumerate(done):
            for earlier in range(place - 1, known[number], -1):
                its_number, _, its_step = done[earlier]
                if its_number != number and are_dependent(its_step, step):
                    node = self._nodes[earlier]
                    node.wanted.update([number] if number in node.offers else node.offers)
                    known[number] = earlier
                    break

    def _turn_back(self) -> bool:
        """Take the last node where another turn is wanted; False where there is none."""
        while self._nodes:
            node = self._nodes[-1]
            left = [n for n in node.wanted if n not in node.tried and n not in node.sleeping and n in node.offers]
            if left:
                node.choose(left[0])
                return True
            self._nodes.pop()
        return False
