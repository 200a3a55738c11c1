"""Tickets, and rights that end while somebody listens."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from events.models.stream_ticket import StreamTicket
from tests.events.live.listening import Live, many_events
from tests.shop.http.api_client import Caller, login, machine, ok, refused
from users.models.api_key import Scope
from users.models.user import User
from users.security.staff_sessions import end_sessions
from users.services.revoke_api_key import revoke_api_key


def ticket_of(caller: Caller) -> str:
    answer = ok(caller.post("/events/tickets", None), 201)
    assert answer["url"] == f"http://testserver:{settings.LIVE_PORT}/live"
    return str(answer["ticket"])


def test_of_many_who_come_with_a_ticket_one_gets_in(live: Live, staff: Caller) -> None:
    ticket = ticket_of(staff)

    with ThreadPoolExecutor(8) as pool:
        streams = list(pool.map(lambda _: live.events(None, ticket=ticket), range(8)))

    assert sorted(stream.answer.status for stream in streams) == [200] + [401] * 7
    for stream in streams:
        if stream.answer.status == 200:
            end = many_events(1)
            assert [event["position"] for event in stream.until(end)] == [end]
        stream.close()


def test_a_ticket_is_good_for_a_minute(live: Live, staff: Caller) -> None:
    ticket = ticket_of(staff)
    StreamTicket.objects.update(expires_at=timezone.now())

    with closing(live.events(None, ticket=ticket)) as answer:
        assert (answer.answer.status, answer.body()["code"]) == (401, "authentication_failed")


def test_tickets_are_for_who_reads_events(live: Live, staff: Caller, buyer: Caller, visitor: Caller) -> None:
    refused(buyer.post("/events/tickets", None), 403, "permission_denied")
    refused(visitor.post("/events/tickets", None), 401, "not_authenticated")
    refused(machine(staff.user, Scope.ORDERS_READ).post("/events/tickets", None), 403, "missing_scope")
    assert ticket_of(machine(staff.user, Scope.EVENTS_READ))


def _revoke_key(caller: Caller) -> None:
    revoke_api_key(api_key=caller.api_key)


def _end_sign_ins(caller: Caller) -> None:
    end_sessions(user=caller.user)


def _leave_role(caller: Caller) -> None:
    caller.user.groups.clear()


def _deactivate(caller: Caller) -> None:
    User.objects.filter(pk=caller.user.pk).update(is_active=False)


def colleague() -> Caller:
    user = User.objects.create_user("colleague@example.com", is_staff=True)
    user.groups.add(Group.objects.get(name="manager"))
    return login(user)


def machine_of_colleague() -> Caller:
    return machine(colleague().user, Scope.EVENTS_READ)


@pytest.mark.parametrize(
    ("who", "end"),
    [
        (machine_of_colleague, _revoke_key),
        (machine_of_colleague, _deactivate),
        (colleague, _end_sign_ins),
        (colleague, _leave_role),
    ],
)
def test_streams_end_with_the_right_to_them(
    live: Live, who: Callable[[], Caller], end: Callable[[Caller], None]
) -> None:
    caller = who()
    by_header, by_ticket = live.events(caller.authorization), live.events(None, ticket=ticket_of(caller))
    last = many_events(1)
    with closing(by_header), closing(by_ticket):
        assert by_header.until(last)
        assert by_ticket.until(last)

        end(caller)

        assert by_header.has_ended()
        assert by_ticket.has_ended()


def test_a_ticket_of_the_admin_ends_with_its_session(live: Live, staff: Caller) -> None:
    browser = Client()
    browser.force_login(staff.user)
    answer: Any = browser.post("/api/v1/events/tickets", content_type="application/json")
    with closing(live.events(None, ticket=ok(answer, 201)["ticket"])) as stream:
        last = many_events(1)
        assert stream.until(last)

        Session.objects.all().delete()

        assert stream.has_ended()


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [
        ("http://127.0.0.1:8000", True),
        ("https://localhost", True),
        ("http://127.0.0.1:9999", False),
        ("https://evil.example", False),
        ("null", False),
    ],
)
def test_pages_of_this_shop_may_listen_and_no_others(live: Live, origin: str, is_let_in: bool, staff: Caller) -> None:
    headers = {"Origin": origin, "Authorization": staff.authorization or ""}
    for method in ("GET", "OPTIONS"):
        with closing(live.get("/live/events", method=method, headers=headers)) as answer:
            assert answer.answer.headers["Access-Control-Allow-Origin"] == (origin if is_let_in else None)
    with closing(live.get("/live/stock", headers=headers)) as answer:
        assert answer.answer.headers["Access-Control-Allow-Origin"] == "*"
