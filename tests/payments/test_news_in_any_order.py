"""However a provider's news arrives, the same state comes out of it."""

from contextlib import suppress
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from orders.models.payment import Payment
from orders.services.upkeep.audit_books import audit_books
from payments.models.webhook_event import WebhookEvent
from payments.services.change_intent import capture_intent
from payments.services.recover_operations import recover_operations
from payments.states import IntentStatus, State, merge
from shared.actor import SYSTEM
from shared.errors import Refusal
from tests.shop.servers.sandbox import Sandbox, an_order, begin, books_agree, process_stored

AMOUNTS = st.decimals(0, 100, places=2)
STATES = st.builds(State, st.sampled_from([status.value for status in IntentStatus]), AMOUNTS, AMOUNTS)


@given(STATES, STATES, STATES)
def test_merging_is_commutative_associative_and_idempotent(one: State, two: State, three: State) -> None:
    known = merge(State(), one)

    assert merge(known, two) == merge(merge(State(), two), one)
    assert merge(merge(known, two), three) == merge(known, merge(merge(State(), two), three))
    assert merge(merge(known, two), two) == merge(known, two)
    assert merge(known, two).captured >= known.captured


def test_a_life_is_the_same_in_every_order_of_its_news() -> None:
    life = [
        State("created"),
        State("requires_action"),
        State("failed"),
        State("authorised", Decimal(9)),
        State("partially_captured", Decimal(9), Decimal(4)),
        State("captured", Decimal(9), Decimal(9)),
    ]

    ends = set()
    for news in permutations(life):
        state = State()
        for told in news:
            state = merge(state, told)
        ends.add(state)

    assert ends == {State("captured", Decimal(9), Decimal(9))}


CAPTURE = {"bank_transfer": "automatic", "card_3ds": "manual", "card": "manual"}


class TangledNews(RuleBasedStateMachine):
    """One order, one payer, staff, and a provider whose webhooks come twice, late and in any order."""

    sandbox: Sandbox

    @initialize(total=st.sampled_from(["50.00", "20.10"]), method=st.sampled_from(list(CAPTURE)))
    def begin(self, total: str, method: str) -> None:
        self.order = an_order(total)
        self.intent = begin(self.order, method, capture=CAPTURE[method])

    @rule(amount=st.sampled_from(["5.00", "20.10", "50.00"]))
    def payer_pays(self, amount: str) -> None:
        self.sandbox.payer(self.intent, "pay", amount=amount)

    @rule()
    def payer_gives_up(self) -> None:
        self.sandbox.payer(self.intent, "decline")

    @rule(amount=st.sampled_from([None, Decimal("5.00")]))
    def staff_capture(self, amount: Decimal | None) -> None:
        with suppress(Refusal):
            capture_intent(intent_id=self.intent.pk, actor=SYSTEM, amount=amount)

    @rule(places=st.lists(st.integers(0, 20), max_size=4), is_worker_awake=st.booleans())
    def some_webhooks_arrive(self, places: list[int], is_worker_awake: bool) -> None:
        events = self.own_events()
        for place in places:
            assert self.sandbox.tell(events[place % len(events)]).status_code == 200
        if is_worker_awake:
            process_stored()

    def own_events(self) -> list[dict[str, Any]]:
        """The provider tells of earlier runs' intents, too."""
        return [event for event in self.sandbox.events() if event["data"]["id"] == self.intent.provider_id]

    @invariant()
    def what_came_in_is_what_was_recorded(self) -> None:
        if hasattr(self, "intent"):
            self.intent.refresh_from_db()
            paid = sum((payment.amount for payment in Payment.objects.filter(intent_id=self.intent.pk)), Decimal(0))
            assert paid == self.intent.captured_amount

    def teardown(self) -> None:
        """In the end all is told, in one more order, and both books say the same."""
        if not hasattr(self, "intent"):
            return
        for event in reversed(self.own_events()):
            self.sandbox.tell(event)
        process_stored()
        recover_operations()
        books_agree(self.sandbox)
        assert not WebhookEvent.objects.exclude(status="processed").exists()
        wrong = [
            (found.check.name, found.rows) for found in audit_books() if found.count and found.check.is_discrepancy
        ]
        assert wrong == []


@pytest.mark.django_db(transaction=True)
def test_tangled_news_end_in_the_provider_s_own_state(sandbox: Sandbox) -> None:
    class Machine(TangledNews):
        pass

    Machine.sandbox = sandbox
    few = settings(
        max_examples=5,
        stateful_step_count=12,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Machine, settings=few)
