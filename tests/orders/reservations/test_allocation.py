"""From which stock lines are taken. No database."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from inventory.sellable_variants import Stock
from orders.reservations.allocation import Allocation, Demand, Short, allocate


def uid(number: int) -> UUID:
    return UUID(int=number)


def stock(
    level: int, available: int, *, seller: int = 1, priority: int = 1, place: int = 1, default: bool = False
) -> Stock:
    """Units at a level; `priority` is the seller's, `place` the location's."""
    return Stock(uid(level), uid(seller), default, (priority, uid(seller), place, uid(level)), available)


def takes(*pairs: tuple[int, int], seller: int = 1) -> Allocation:
    return Allocation(uid(seller), tuple((uid(level), units) for level, units in pairs))


def test_a_named_seller_is_asked_alone() -> None:
    choices = [stock(1, 9, seller=1, default=True), stock(2, 3, seller=2)]

    assert allocate([Demand(uid(2), 3, choices)]) == [takes((2, 3), seller=2)]
    assert allocate([Demand(uid(2), 4, choices)]) == [Short(3, (uid(2),))]
    assert allocate([Demand(uid(3), 1, choices)]) == [Short(0, ())]


def test_the_default_seller_is_asked_first_and_then_alone() -> None:
    choices = [stock(1, 9, seller=1, priority=0), stock(2, 3, seller=2, priority=5, default=True)]

    assert allocate([Demand(None, 3, choices)]) == [takes((2, 3), seller=2)]
    assert allocate([Demand(None, 4, choices)]) == [Short(3, (uid(2),))]


def test_without_a_default_the_first_by_priority_that_can_fill_the_line() -> None:
    choices = [stock(1, 9, seller=1, priority=3), stock(2, 3, seller=2, priority=1), stock(3, 5, seller=3, priority=2)]

    assert allocate([Demand(None, 3, choices)]) == [takes((2, 3), seller=2)]
    assert allocate([Demand(None, 4, choices)]) == [takes((3, 4), seller=3)]
    assert allocate([Demand(None, 9, choices)]) == [takes((1, 9), seller=1)]
    assert allocate([Demand(None, 10, choices)]) == [Short(9, (uid(2), uid(3), uid(1)))]


def test_one_place_for_all_is_preferred_and_else_places_are_emptied_in_order() -> None:
    choices = [stock(1, 2, place=1), stock(2, 5, place=2), stock(3, 4, place=3)]

    assert allocate([Demand(None, 2, choices)]) == [takes((1, 2))]
    assert allocate([Demand(None, 3, choices)]) == [takes((2, 3))]
    assert allocate([Demand(None, 8, choices)]) == [takes((2, 5), (3, 3))], "two shipments, not three"
    assert allocate([Demand(None, 11, choices)]) == [takes((1, 2), (2, 5), (3, 4))]
    assert allocate([Demand(None, 12, choices)]) == [Short(11, (uid(1), uid(2), uid(3)))]


def at(place: int, level: int, available: int) -> Stock:
    """Units of some variant at one of the seller's places, the lower the better."""
    return Stock(uid(level), uid(1), False, (1, uid(1), place, uid(1000 + place)), available)


def test_lines_leave_from_as_few_places_as_can_fill_them() -> None:
    cup = Demand(None, 2, [at(1, 11, 2), at(2, 21, 5), at(3, 31, 9)])
    pot = Demand(None, 1, [at(2, 22, 1), at(3, 32, 1)])
    lid = Demand(None, 1, [at(1, 13, 9), at(3, 33, 1)])

    assert allocate([cup, pot]) == [takes((21, 2)), takes((22, 1))], "the better of the two that have both"
    assert allocate([cup, pot, lid]) == [takes((31, 2)), takes((32, 1)), takes((33, 1))], "the only one with all"
    assert allocate([cup, lid]) == [takes((11, 2)), takes((13, 1))], "the best place has both"


@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=1, max_size=4), st.integers(1, 4))
def test_fewer_places_never_cost_a_unit(shelves: list[list[int]], quantity: int) -> None:
    demands = [
        Demand(None, quantity, [at(place, 10 * line + place, units) for place, units in enumerate(shelf)])
        for line, shelf in enumerate(shelves)
    ]
    answers = allocate(demands)

    for shelf, answer in zip(shelves, answers, strict=True):
        assert isinstance(answer, Short) == (sum(shelf) < quantity)
        if isinstance(answer, Allocation):
            assert sum(units for _, units in answer.takes) == quantity
            assert all(0 < units <= shelf[level.int % 10] for level, units in answer.takes)


def test_empty_and_overdrawn_places_give_nothing() -> None:
    choices = [stock(1, 0, place=1), stock(2, -3, place=2), stock(3, 2, place=3)]

    assert allocate([Demand(None, 2, choices)]) == [takes((3, 2))]
    assert allocate([Demand(None, 3, choices)]) == [Short(2, (uid(1), uid(2), uid(3)))]


def test_lines_on_one_level_do_not_share_a_unit() -> None:
    choices = [stock(1, 5)]

    answers = allocate([Demand(uid(1), 3, choices), Demand(None, 3, choices), Demand(None, 2, choices)])

    assert answers == [takes((1, 3)), Short(2, (uid(1),)), takes((1, 2))]


def test_nothing_is_stocked_anywhere() -> None:
    assert allocate([Demand(None, 1, [])]) == [Short(0, ())]
    assert allocate([]) == []


STOCKS = st.lists(
    st.builds(
        lambda level, available, seller, default: stock(
            level, available, seller=seller, priority=seller % 3, place=level % 2, default=default and seller == 0
        ),
        st.integers(0, 8),
        st.integers(-2, 6),
        st.integers(0, 3),
        st.booleans(),
    ),
    max_size=6,
    unique_by=lambda choice: choice.level_id,
)
DEMANDS = st.lists(st.tuples(st.none() | st.integers(0, 3), st.integers(1, 8)), max_size=5)


@given(choices=STOCKS, wanted=DEMANDS)
def test_no_level_ever_promises_more_than_it_has(choices: list[Stock], wanted: list[tuple[int | None, int]]) -> None:
    demands = [Demand(None if seller is None else uid(seller), units, choices) for seller, units in wanted]

    answers = allocate(demands)

    promised: dict[UUID, int] = {}
    for demand, answer in zip(demands, answers, strict=True):
        if isinstance(answer, Short):
            assert answer.available >= 0
            continue
        assert sum(units for _, units in answer.takes) == demand.quantity
        assert demand.seller_id in {None, answer.seller_id}
        for level_id, units in answer.takes:
            promised[level_id] = promised.get(level_id, 0) + units
            assert units > 0
    free = {choice.level_id: choice.available for choice in choices}
    assert all(units <= free[level_id] for level_id, units in promised.items())


@given(choices=STOCKS, quantity=st.integers(1, 8), data=st.data())
def test_the_answer_does_not_depend_on_the_order_of_what_is_shown(
    choices: list[Stock], quantity: int, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(choices))

    assert allocate([Demand(None, quantity, choices)]) == allocate([Demand(None, quantity, shuffled)])
