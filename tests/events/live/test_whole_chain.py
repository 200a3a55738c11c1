"""From the tables to whoever listens: everybody ends with the same events, of each record in the tables' order."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from config.processes.sequencing import SequencerThread
from config.processes.webhook_sending import WebhookThread
from crm.models.lead import Lead
from events.feed.record_events import AS_UUID, TABLES
from inventory.ledger import stock
from inventory.models.level import StockLevel
from orders.models.order import Order
from orders.services.orders.advance_order import advance_order
from orders.services.orders.cancel_order import cancel_order
from orders.services.orders.cancel_paid_order import cancel_paid_order
from orders.services.payments.confirm_payment import confirm_payment
from orders.states import CancelReason
from shared.actor import SYSTEM
from shared.errors import Refusal
from tests.events.live.listening import Live
from tests.shop.database.races import own_connection
from tests.shop.goods import make_level
from tests.shop.http.api_client import Caller, machine, ok
from tests.shop.orders import order_of
from tests.shop.people import Buyer, make_buyer
from tests.shop.servers.webhook_receiver import Came, Receiver, receiver_running
from users.models.api_key import Scope
from webhooks.models.delivery import Delivery, DeliveryState
from webhooks.models.endpoint import Endpoint

pytestmark = pytest.mark.usefixtures("audited_shop")
WRITERS, CHANGES = 4, 10
LAST = "lead.created"  # nothing else makes one
PATIENCE = 90.0

Told = list[dict[str, Any]]

# Commits happen in another order than writes, and locks are held a little longer.
_PAUSES = """
CREATE FUNCTION pause_before_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_sleep(CASE WHEN random() < 0.05 THEN 0.3 ELSE random() / 100 END);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER pause_before_commit AFTER INSERT ON orders_order_event
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pause_before_commit();
CREATE CONSTRAINT TRIGGER pause_before_commit AFTER INSERT ON inventory_stock_movement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION pause_before_commit();
"""

# Each ledger in the order that it has itself: versions of a level, numbers of the history, and of an order the serials,
# of which the test says besides that every change begins where the one before it ended.
_LEDGERS = f"""
SELECT level_id, id FROM inventory_stock_movement ORDER BY level_version;
SELECT record::uuid, {AS_UUID.format(number="id")} FROM shared_record_change WHERE "table" IN ({TABLES}) ORDER BY id;
SELECT order_id, id FROM orders_order_event ORDER BY feed_serial;
"""
_JUMPS = """
SELECT count(*) FROM (
    SELECT from_status, lag(to_status) OVER (PARTITION BY order_id ORDER BY feed_serial) AS before
    FROM orders_order_event
) AS steps WHERE before IS DISTINCT FROM from_status AND before IS NOT NULL
"""


@pytest.fixture
def pauses(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(_PAUSES)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION pause_before_commit CASCADE")


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """Its two threads: one numbers the events, the other sends them."""
    threads: list[SequencerThread | WebhookThread] = [SequencerThread(), WebhookThread()]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.stop()
    assert not [thread for thread in threads if thread.is_alive()]


def test_everybody_ends_with_the_events_of_each_record_as_the_tables_have_them(
    live: Live, staff: Caller, worker: None, pauses: None, settings: Any
) -> None:
    key = machine(staff.user, Scope.EVENTS_READ)
    with receiver_running() as receiver, ThreadPoolExecutor(WRITERS + 2) as pool:
        settings.WEBHOOK_ALLOW_HOSTS = frozenset({receiver.host})
        receiver.answer = fails_at_random(random.Random(1))
        ok(staff.post("/webhook-endpoints", {"url": receiver.url(), "types": ["*"]}), 201)
        start = ok(staff.get("/events", after="latest"))["next_after"]
        polled = pool.submit(poll, key, start, random.Random(2))
        streamed = pool.submit(stream, live, str(key.authorization), start, random.Random(3))

        write_at_random(pool)

        Lead.objects.create(name="The last one")
        received = receive_all(receiver)
        feed, told = result_of(polled), result_of(streamed)

    assert [event["position"] for event in feed] == list(range(start + 1, start + 1 + len(feed)))
    assert told == feed
    assert len(received) == len(feed), "each came, and once to who looks at the id"
    assert by_record(received) == by_record(feed)
    assert all([event["sequence"] for event in events] == _from_one(events) for events in by_record(feed).values())
    assert ledgers() == ids_by_record(feed, of={one for ids in ledgers().values() for one in ids})
    assert jumps() == 0
    assert len(receiver.came) > len(feed) > WRITERS * CHANGES, "little happened, or nothing failed"


def _from_one(events: Told) -> list[int]:
    return list(range(1, len(events) + 1))


def result_of(listening: Future[Told]) -> Told:
    return listening.result(PATIENCE)


def by_record(events: Iterable[dict[str, Any]]) -> dict[str, Told]:
    records: dict[str, Told] = defaultdict(list)
    for event in events:
        records[event["aggregate"]["id"]].append(event)
    return dict(records)


def ids_by_record(events: Told, of: set[str]) -> dict[str, list[str]]:
    """A row of a ledger that is several events is the first of them by its own id."""
    found = {record: [one["id"] for one in told if one["id"] in of] for record, told in by_record(events).items()}
    return {record: ids for record, ids in found.items() if ids}


def ledgers() -> dict[str, list[str]]:
    rows: dict[str, list[str]] = defaultdict(list)
    for statement in filter(str.strip, _LEDGERS.split(";")):
        with connection.cursor() as cursor:
            cursor.execute(statement)
            for record, one in cursor.fetchall():
                rows[str(record)].append(str(one))
    return dict(rows)


def jumps() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_JUMPS)
        many: int = cursor.fetchone()[0]
    return many


def write_at_random(pool: ThreadPoolExecutor) -> None:
    """What several people do at once, to the same goods and to each other's orders."""
    buyer, levels, orders = make_buyer(), [make_level(on_hand=40) for _ in range(2)], list[Order]()

    def write(number: int) -> None:
        chance = random.Random(100 + number)
        with own_connection():
            for _ in range(CHANGES):
                with suppress(Refusal):
                    change_something(chance, buyer, levels, orders)

    for future in [pool.submit(write, number) for number in range(WRITERS)]:
        future.result(PATIENCE)


def change_something(chance: random.Random, buyer: Buyer, levels: list[StockLevel], orders: list[Order]) -> None:
    level = chance.choice(levels)
    if not orders or chance.random() < 0.4:
        orders.append(order_of(buyer, (level, chance.randint(1, 2))))
        return
    order = chance.choice(orders).pk
    reason = CancelReason.CUSTOMER
    changes: list[Callable[[], Any]] = [
        lambda: confirm_payment(order_id=order, actor=SYSTEM),
        lambda: confirm_payment(order_id=order, actor=SYSTEM),
        lambda: advance_order(order_id=order, status="PROCESSING", actor=SYSTEM),
        lambda: advance_order(order_id=order, status="SHIPPED", actor=SYSTEM),
        lambda: cancel_order(order_id=order, actor=SYSTEM, reason=reason),
        lambda: cancel_paid_order(order_id=order, actor=SYSTEM, reason=reason),
        lambda: receive(level),
    ]
    chance.choice(changes)()


def receive(level: StockLevel) -> None:
    with transaction.atomic():
        stock.receive(stock.lock([level.pk]), [stock.Move(level.pk, 1)], reason="delivery")


def poll(key: Caller, after: int, chance: random.Random) -> Told:
    """GET /events, a few at a time."""
    told: Told = []
    with own_connection():
        while not told or told[-1]["type"] != LAST:
            page = ok(key.get("/events", after=after, limit=chance.randint(1, 40)))
            told, after = told + page["events"], page["next_after"]
            time.sleep(0.05 if page["caught_up"] else 0)
    return told


def stream(live: Live, authorization: str, last: int, chance: random.Random) -> Told:
    """Server-sent events, by a client that drops its connection again and again."""
    told: Told = []
    while not told or told[-1]["type"] != LAST:
        with closing(live.events(authorization, last=last)) as connected:
            for _ in range(chance.randint(1, 30)):
                following = connected.next()
                if following is None or following["type"] == LAST:
                    told += filter(None, [following])
                    break
                told.append(following)
            last = max(last, connected.last_id)
    return told


def fails_at_random(chance: random.Random) -> Callable[[Came], tuple[int, dict[str, str]]]:
    """Each delivery twice at most: after three failures later events of its record pass it."""
    tries: Counter[str] = Counter()

    def answer(came: Came) -> tuple[int, dict[str, str]]:
        tries[came.id] += 1
        fails = tries[came.id] <= 2 and chance.random() < 0.2
        return (chance.choice((500, 503, 429)) if fails else 204), {}

    return answer


def receive_all(receiver: Receiver) -> Told:
    """What it took, each once; the pauses between tries are over at once."""
    until = time.monotonic() + PATIENCE
    while not any(one.event["type"] == LAST for one in receiver.taken()) or pending():
        assert time.monotonic() < until, f"{pending()} deliveries are open"
        hurry()
        time.sleep(0.05)
    first: dict[str, dict[str, Any]] = {}
    for one in receiver.taken():
        first.setdefault(one.id, one.event)
    return list(first.values())


def pending() -> int:
    return Delivery.objects.filter(state=DeliveryState.PENDING).count()


def hurry() -> None:
    with transaction.atomic():
        list(Endpoint.objects.select_for_update())  # as the sender does: its rows, then their deliveries
        Delivery.objects.filter(state=DeliveryState.PENDING, leased_until=None).update(due_at=timezone.now())
        Endpoint.objects.update(held_until=None)
