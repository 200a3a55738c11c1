"""What is ordered: of one cell or of several, of what there is plenty of or of what runs out."""

import random
from collections.abc import Iterable

from benchmarks.cells.entry import CrossOrder
from benchmarks.cells.stage import CELLS
from benchmarks.shop import CUSTOMERS, SOLD_OUT, VARIANTS, customer_id, variant_id

SCARCE_SHARE = 0.3


class Chooser:
    """The same choices for the same `seed`, with keys that nobody else has."""

    def __init__(self, seed: str) -> None:
        self._seed, self._chance, self._made = seed, random.Random(seed), 0

    def customer(self) -> str:
        return str(customer_id(self._chance.randint(1, CUSTOMERS)))

    def key(self) -> str:
        self._made += 1
        return f"{self._seed}-{self._made}"

    def is_one_in(self, number: int) -> bool:
        return self._chance.randrange(number) == 0

    def cell(self) -> int:
        return self._chance.randrange(CELLS)

    def variants(self, number: int, scarce: float = 0.0) -> dict[str, int]:
        """So many different ones, each of them with this chance one that runs out."""
        chosen: dict[str, int] = {}
        while len(chosen) < number:
            is_scarce = self._chance.random() < scarce
            picked = VARIANTS + self._chance.randint(1, SOLD_OUT) if is_scarce else self._chance.randint(1, VARIANTS)
            chosen[str(variant_id(picked))] = self._chance.randint(1, 2)
        return chosen

    def over_cells(self, number: int, scarce: float = 0.0, cells: Iterable[int] | None = None) -> CrossOrder:
        """One line in each of so many cells, or of `cells`."""
        of = sorted(cells or self._chance.sample(range(CELLS), number))
        lines = {cell: next(iter(self.variants(1, scarce).items())) for cell in of}
        return CrossOrder(self.key(), self.customer(), lines)
