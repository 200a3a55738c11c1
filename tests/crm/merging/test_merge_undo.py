"""Whatever two customers have behind them: merging loses nothing, and undoing leaves the database as it was."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from crm.merging.links import CHOOSABLE, CUSTOM, LINKS, How
from crm.models.customer_merge import MergedRow
from crm.services.merging.merge_customers import merge_customers
from crm.services.merging.undo_merge import undo_merge
from shared.actor import SYSTEM
from tests.shop.customer_pasts import (
    EVENTS,
    dump,
    give_past,
    make_colleague,
    make_company,
    make_customer,
    make_pair,
    sum_up_sales,
)
from tests.shop.people import Buyer

pytestmark = pytest.mark.django_db

PASTS = st.fixed_dictionaries(
    {
        "events": st.lists(st.sampled_from(EVENTS), max_size=5),
        "tags": st.sets(st.sampled_from(["red", "green", "blue"])),
        "segments": st.sets(st.sampled_from(["Regulars", "Silent"])),
    }
)
FIELDS = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Ann Bell", "Anna Bell"]),
        "phone": st.sampled_from(["", "+4930123456"]),
        "address": st.sampled_from(["", "Oak Street 1\nBerlin"]),
        "language": st.sampled_from(["en", "uk"]),
        "custom_fields": st.dictionaries(st.sampled_from(["size", "since"]), st.sampled_from([1, "L", None, True])),
    }
)
TAKEN = st.sets(st.sampled_from([*CHOOSABLE, CUSTOM + "size", CUSTOM + "since"]))
HAS = st.sets(st.sampled_from(["company", "owner", "login"]))
MANY = settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # shrinking would place orders for minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _customer(fields: dict[str, Any], has: set[str], past: dict[str, Any]) -> Buyer:
    more = {
        "company": make_company() if "company" in has else None,
        "owner": make_colleague() if "owner" in has else None,
    }
    buyer = make_customer(**fields, **more, **({} if "login" in has else {"user": None}))
    give_past(buyer, **past)
    return buyer


CUSTOMERS = st.tuples(FIELDS, HAS, PASTS)

ANN: dict[str, Any] = {"name": "Ann Bell", "phone": "", "address": "", "language": "en"}
NOTHING: dict[str, Any] = {"events": [], "tags": set(), "segments": set()}


@MANY
@given(one=CUSTOMERS, other=CUSTOMERS, take=TAKEN, older_is_kept=st.booleans())
@example(  # values that are equal to Python and not to JSON
    one=({**ANN, "custom_fields": {"since": True}}, set(), NOTHING),
    other=({**ANN, "custom_fields": {"since": 1, "size": "L"}}, set(), NOTHING),
    take={CUSTOM + "since", CUSTOM + "size"},
    older_is_kept=False,
)
def test_merging_and_undoing_leaves_the_database_as_it_was(
    db: None, one: Any, other: Any, take: set[str], older_is_kept: bool
) -> None:
    pair = [_customer(*one), _customer(*other)]
    kept, duplicate = (buyer.customer for buyer in (pair if older_is_kept else pair[::-1]))
    make_pair(kept, duplicate)
    make_pair(duplicate, make_customer().customer, is_dismissed=True)
    sum_up_sales()
    before = dump()
    had = {link: _count(link, kept.pk) + _count(link, duplicate.pk) for link in LINKS if link.how is How.REASSIGN}

    merge = merge_customers(kept_id=kept.pk, duplicate_id=duplicate.pk, take=take, actor=SYSTEM)

    assert {link: _count(link, kept.pk) - _written(link) for link in had} == had
    named = [row for rows in dump().values() for row in rows if str(duplicate.pk) in row]
    assert [row for row in named if '"kind": "placed"' not in row] == []  # that one says for whom it was placed
    undo_merge(merge_id=merge.pk, actor=SYSTEM)
    assert dump() == before
    assert not MergedRow.objects.exists()


@MANY
@given(customers=st.tuples(CUSTOMERS, CUSTOMERS, CUSTOMERS), takes=st.tuples(TAKEN, TAKEN))
def test_a_chain_of_merges_is_undone_from_its_end(db: None, customers: Any, takes: Any) -> None:
    first, second, third = (_customer(*customer).customer for customer in customers)
    make_pair(first, third)
    sum_up_sales()
    before = dump()

    inner = merge_customers(kept_id=second.pk, duplicate_id=first.pk, take=takes[0], actor=SYSTEM)
    outer = merge_customers(kept_id=third.pk, duplicate_id=second.pk, take=takes[1], actor=SYSTEM)
    undo_merge(merge_id=outer.pk, actor=SYSTEM)
    undo_merge(merge_id=inner.pk, actor=SYSTEM)

    assert dump() == before


def _count(link: Any, customer_id: Any) -> int:
    return int(link.model._default_manager.filter(**{link.field: customer_id}).count())


def _written(link: Any) -> int:
    """Merging writes one entry of the timeline, and its own header."""
    return 1 if link.table in {"crm_activity", "crm_customer_merge"} else 0
