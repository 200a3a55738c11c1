"""What a line takes now, and how much of it waits. No database."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from inventory.sellable_variants import Stock
from orders.reservations.allocation import Allocation, Demand, Short
from orders.reservations.backorder_allocation import PartlyTaken, allocate_ahead


def uid(number: int) -> UUID:
    return UUID(int=number)


def stock(level: int, available: int, *, seller: int = 1) -> Stock:
    return Stock(uid(level), uid(seller), seller == 1, (seller, uid(seller), level, uid(level)), available)


def test_what_is_there_is_taken_and_the_rest_waits() -> None:
    choices = [stock(1, 2), stock(2, 1), stock(3, 9, seller=2)]

    [answer] = allocate_ahead([Demand(None, 5, choices)], [uid(7)], {uid(7): 2})

    assert answer == PartlyTaken(uid(1), ((uid(1), 2), (uid(2), 1)), 2, (uid(1), uid(2)))


def test_without_room_for_all_of_it_a_line_is_short() -> None:
    demand = Demand(None, 5, [stock(1, 2)])

    assert allocate_ahead([demand], [uid(7)], {uid(7): 2}) == [Short(2, (uid(1),))]
    assert allocate_ahead([demand], [uid(7)], {}) == [Short(2, (uid(1),))]
    assert allocate_ahead([Demand(uid(9), 1, [stock(1, 2)])], [uid(7)], {uid(7): 9}) == [Short(0, ())]


def test_lines_of_one_variant_share_its_room_and_its_units() -> None:
    here, there = [stock(1, 1)], [stock(2, 1, seller=2)]
    demands = [Demand(uid(1), 3, here), Demand(uid(2), 3, there)]

    first, second = allocate_ahead(demands, [uid(7), uid(7)], {uid(7): 3})

    assert isinstance(first, PartlyTaken)
    assert first.waiting == 2
    assert isinstance(second, Short)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9)), min_size=1, max_size=5),
    st.lists(st.integers(0, 6), min_size=3, max_size=3),
    st.integers(0, 12),
)
def test_no_unit_is_promised_twice_and_no_more_wait_than_there_is_room(
    wanted: list[tuple[int, int]], units: list[int], room: int
) -> None:
    choices = [
        [stock(10 * variant + place, units[variant] // (place + 1)) for place in range(2)] for variant in range(3)
    ]
    demands = [Demand(None, quantity, choices[variant]) for variant, quantity in wanted]
    variants = [uid(variant) for variant, _ in wanted]

    answers = allocate_ahead(demands, variants, dict.fromkeys(variants, room))

    taken, waiting = Counter[UUID](), Counter[UUID]()
    for (_, quantity), variant, answer in zip(wanted, variants, answers, strict=True):
        if isinstance(answer, Short):
            continue
        waits = answer.waiting if isinstance(answer, PartlyTaken) else 0
        taken.update(dict(answer.takes))
        waiting[variant] += waits
        assert sum(count for _, count in answer.takes) + waits == quantity
        assert isinstance(answer, Allocation) or waits > 0
    available = {choice.level_id: choice.available for choices_ in choices for choice in choices_}
    assert all(count <= available[level] for level, count in taken.items())
    assert all(count <= room for count in waiting.values())
    for answer in answers:  # who waits leaves nothing behind
        if isinstance(answer, PartlyTaken):
            assert all(taken[level] == available[level] for level in answer.level_ids)
