"""Every POST honours an Idempotency-Key: sent again, one after the other or at the same moment, it is done once."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from inventory.models.level import StockLevel
from shared.models.idempotency_key import IdempotencyKey
from tests.api.posts import POSTS, post_routes, why_without_key
from tests.shop.database.races import answers_together
from tests.shop.goods import make_level
from tests.shop.http.answer import Answer
from tests.shop.http.api_client import Caller, login, ok, refused
from users.models.user import User

# Written down whatever becomes of a request.
_NOT_OF_THE_REQUEST = {"shared_rate_limit_window"}
PARTS = ("order", "shipment return refund payment draft", "stock price tax coupon shipping category product", "")


@pytest.fixture
def boss(transactional_db: None) -> Caller:
    return login(User.objects.create_superuser("boss@example.com"))


def test_every_post_takes_a_key_or_says_why_it_needs_none() -> None:
    without = {name for name, (_, callback) in post_routes().items() if why_without_key(callback)}

    assert post_routes().keys() - without == POSTS.keys()


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_a_request_sent_at_once_and_again_under_one_key_is_done_once(boss: Caller, part: str) -> None:
    for name in names_of(part):
        pk, body = POSTS[name](boss)
        address = post_routes()[name][0].format(pk=pk)

        send = partial(boss.post, address, body, idempotency_key=f"key-{name}")
        answers = answers_together(send, send)
        first, again = sorted(answers, key=lambda answer: "Idempotent-Replayed" in answer)
        with nothing_changes(name):
            third = send()

        assert first.status_code in {200, 201, 202}, (name, first.content[:500])
        assert "Idempotent-Replayed" not in first, name
        for answer in (again, third):
            expected = 200 if name == "order-list" else first.status_code
            assert (answer.status_code, answer.get("Idempotent-Replayed")) == (expected, "true"), (name, answer.content)
            assert told(answer) == told(first), name
            assert answer.get("ETag") == first.get("ETag"), name
        if made_at(first) and "ETag" in third:
            assert boss.get(made_at(first))["ETag"] == third["ETag"], name


@pytest.mark.parametrize("name", ["stock-level-adjustments", "customer-list", "task-complete", "draft-order"])
def test_the_key_of_another_request_is_refused(boss: Caller, name: str) -> None:
    (pk, body), (other_pk, other_body) = POSTS[name](boss), POSTS[name](boss)
    address = post_routes()[name][0]
    ok_or_made(boss.post(address.format(pk=pk), body, idempotency_key="k1"))
    others = [(address.format(pk=pk), {"another": 1}), ("/tags", {"name": "VIP"})]
    if other_pk:
        others.append((address.format(pk=other_pk), other_body))

    for there, wanted in others:
        with nothing_changes(name):
            refused(boss.post(there, wanted, idempotency_key="k1"), 422, "idempotency_key_reused")


def test_the_key_of_an_order_is_refused_elsewhere_and_the_other_way_round(boss: Caller) -> None:
    order = POSTS["order-list"](boss)[1]
    ok(boss.place(order, key="order"), 201)
    ok(boss.post("/tags", {"name": "VIP"}, idempotency_key="tag"), 201)

    refused(boss.post("/tags", {"name": "Other"}, idempotency_key="order"), 422, "idempotency_key_reused")
    refused(boss.place(order, key="tag"), 422, "idempotency_key_reused")


def test_another_colleagues_key_is_another_key(boss: Caller) -> None:
    other = login(User.objects.create_superuser("other@example.com"))

    ok(boss.post("/companies", {"name": "Kontor"}, idempotency_key="k1"), 201)
    ok(other.post("/companies", {"name": "Other"}, idempotency_key="k1"), 201)


def test_units_that_were_added_twice_under_one_key_were_added_once(boss: Caller) -> None:
    level = make_level(on_hand=3)
    body = {"quantity": 10, "reason": "found"}

    answers = answers_together(
        *[lambda: boss.post(f"/stock-levels/{level.pk}/adjustments", body, idempotency_key="count")] * 4
    )

    assert {answer.status_code for answer in answers} == {201}
    assert StockLevel.objects.get(pk=level.pk).on_hand == 13


@pytest.mark.parametrize("name", ["stock-level-adjustments", "draft-order"])
def test_what_is_refused_leaves_no_key(boss: Caller, name: str) -> None:
    pk, body = POSTS[name](boss)
    address = post_routes()[name][0].format(pk=pk)

    with nothing_changes(name):
        refused(boss.post(address, {"unknown": 1}, idempotency_key="k1"), 400, "invalid")
        refused(boss.post(address, body, idempotency_key="k1", if_match='"99"'), 412, "stale_version")

    ok_or_made(boss.post(address, body, idempotency_key="k1"))


def test_a_malformed_key_is_refused(boss: Caller) -> None:
    for key in ("", "with space", "x" * 256, '"open'):
        refused(boss.post("/tags", {"name": "VIP"}, idempotency_key=key), 400, "invalid")
    assert not IdempotencyKey.objects.exists()


def test_what_a_key_made_and_is_gone_since_is_not_made_again(boss: Caller) -> None:
    made = ok(boss.post("/segments", POSTS["segment-list"](boss)[1] | {"name": "Gone"}, idempotency_key="k1"), 201)
    body = {"name": "Gone", "rule": made["rule"]}
    assert boss.delete(f"/segments/{made['id']}").status_code == 204

    with nothing_changes("segment-list"):
        refused(boss.post("/segments", body, idempotency_key="k1"), 404, "not_found")


def names_of(part: str) -> Iterator[str]:
    """The routes of a part: the last takes what the others leave."""
    mine = tuple(part.split())
    others = tuple(" ".join(PARTS).split())
    for name in POSTS:
        if name.startswith(mine) if mine else not name.startswith(others):
            yield name


def told(answer: Answer) -> Any:
    """What an answer says, and where it says that it is. A secret is told once: not to who asks again."""
    said = answer.json()
    if isinstance(said, dict) and said.pop("secret", ""):
        assert "Idempotent-Replayed" not in answer
    return said, answer.get("Location")


def made_at(answer: Answer) -> str:
    """Where the row is that the answer shows, below the API."""
    return str(answer.get("Location", "")).removeprefix("/api/v1")


def ok_or_made(answer: Answer) -> None:
    assert answer.status_code in {200, 201}, answer.content[:500]


@contextmanager
def nothing_changes(name: str) -> Iterator[None]:
    """Fail if the block leaves any trace in any table."""
    before = _everything()
    yield
    after = _everything()
    assert {table for table in before if before[table] != after[table]} == set(), name


def _everything() -> dict[str, str]:
    tables = {model._meta.db_table for model in apps.get_models()} - _NOT_OF_THE_REQUEST
    digests = " UNION ALL ".join(
        f"SELECT '{table}', coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} AS t"
        for table in sorted(tables)
    )
    with connection.cursor() as cursor:
        cursor.execute(digests)
        return dict(cursor.fetchall())
