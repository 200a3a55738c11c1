"""What an endpoint's answers lead to, by the clock that is passed in."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from standardwebhooks import WebhookVerificationError

from shared.clock import database_now
from tests.shop.http.admin_pages import signed_in, text_of
from tests.shop.http.api_client import Caller, ok, refused
from tests.shop.servers.smtp_server import mail_server
from tests.shop.servers.webhook_receiver import Came
from tests.webhooks.endpoints import endpoint_at, read, try_endpoint
from webhooks import jobs
from webhooks.deliveries.schedule import PAUSES, TRIES, pause_after, requested_pause
from webhooks.endpoints.secrets import signature_headers, signing_secrets
from webhooks.jobs import send_disabled_mail, send_disabled_mail_to
from webhooks.models.delivery import Delivery
from webhooks.models.endpoint import Endpoint
from webhooks.services.claim_deliveries import claim_deliveries
from webhooks.services.delete_endpoint import purge_deliveries
from webhooks.services.record_attempts import Outcome, record_attempts
from webhooks.services.rotate_secret import rotate_secret

pytestmark = pytest.mark.django_db
URL = "https://example.com/hook"


@pytest.fixture
def endpoint(staff: Caller) -> dict[str, Any]:
    return endpoint_at(staff, URL)


def answered(
    staff: Caller, endpoint: dict[str, Any], status: int | None, at: datetime | None = None, **headers: str
) -> Delivery:
    """A test was sent, and this came of it."""
    delivery = UUID(try_endpoint(staff, endpoint)["id"])
    return tried(delivery, status, at, **headers)


def tried(delivery_id: UUID, status: int | None, at: datetime | None = None, **headers: str) -> Delivery:
    delivery, now = Delivery.objects.get(pk=delivery_id), at or database_now()
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    outcome = Outcome(delivery.pk, now, 5, status=status, headers=told, error="" if status else "refused")
    record_attempts(endpoint_id=delivery.endpoint_id, outcomes=[outcome], now=now)
    return Delivery.objects.get(pk=delivery_id)


def test_the_schedule_is_that_of_standard_webhooks() -> None:
    assert sum(PAUSES, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    for tries, pause in enumerate(PAUSES, 1):
        seen = [pause_after(tries) for _ in range(50)]
        assert all(found is not None and pause * 0.8 <= found <= pause * 1.2 for found in seen)
        assert len(set(seen)) > 1
    assert pause_after(TRIES) is None


def test_a_delivery_is_given_up_after_ten_tries(staff: Caller, endpoint: dict[str, Any]) -> None:
    delivery = answered(staff, endpoint, 500)
    for _ in range(TRIES - 2):
        delivery = tried(delivery.pk, None)
    assert (delivery.state, delivery.tries) == ("pending", 9)

    delivery = tried(delivery.pk, 302)

    assert (delivery.state, delivery.tries) == ("failed", 10)
    (shown,) = ok(staff.get(f"/webhook-endpoints/{endpoint['id']}/deliveries", state="failed"))["results"]
    assert [attempt["status"] for attempt in shown["attempts"]] == [500, *[None] * 8, 302]
    assert ok(staff.get(f"/webhook-endpoints/{endpoint['id']}/deliveries", state="delivered"))["results"] == []


def test_gone_disables_at_once(staff: Caller, endpoint: dict[str, Any]) -> None:
    waiting = try_endpoint(staff, endpoint)
    answered(staff, endpoint, 410)

    shown = read(staff, endpoint)
    assert (shown["state"], shown["disabled_reason"]) == ("disabled", "gone")
    refused(staff.post(f"/webhook-endpoints/{endpoint['id']}/test", None), 409, "endpoint_disabled")
    assert claim_deliveries(endpoint_id=endpoint["id"], now=database_now(), most=9) is None

    ok(staff.patch(f"/webhook-endpoints/{endpoint['id']}", {"state": "enabled"}))
    claimed = claim_deliveries(endpoint_id=endpoint["id"], now=database_now(), most=9)
    assert claimed is not None
    assert [str(one.pk) for one in claimed.deliveries] == [waiting["id"]]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_receiver_that_asks_for_time_gets_it(staff: Caller, endpoint: dict[str, Any], status: int) -> None:
    other, now = try_endpoint(staff, endpoint), database_now()

    delivery = answered(staff, endpoint, status, now, retry_after="120")

    assert delivery.due_at == now + timedelta(seconds=120)
    assert claim_deliveries(endpoint_id=endpoint["id"], now=now + timedelta(seconds=119), most=9) is None
    claimed = claim_deliveries(endpoint_id=endpoint["id"], now=now + timedelta(seconds=121), most=9)
    assert claimed is not None
    assert [str(one.pk) for one in claimed.deliveries] == [other["id"]]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("86401", 86_400),
        ("9" * 400, 86_400),
        ("Mon, 30 Nov 2026 12:01:00 GMT", 60),
        ("Mon, 30 Nov 2020 12:00:00 GMT", 0),
        ("Mon, 30 Nov 2126 12:00:00 GMT", 86_400),
        ("Mon, 30 Nov 2026 12:01:00 +9999", None),
        ("Mon, 30 Nov 0001 12:00:00 +2300", 0),
        ("Mon, 01 Jan 99999999999999 00:00:00 GMT", None),
        ("Mon, 30 Nov 2026 12:01:00 +99999999999999999999", None),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("٣", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_up_to_a_day(text: str, seconds: int | None) -> None:
    now = datetime(2026, 11, 30, 12, tzinfo=UTC)

    requested = requested_pause(503, {"retry-after": text}, now=now)

    assert requested == (None if seconds is None else timedelta(seconds=seconds))
    assert requested_pause(500, {"retry-after": text}, now=now) is None


def test_five_days_of_nothing_but_failures_disable_and_colleagues_are_told(
    staff: Caller, endpoint: dict[str, Any]
) -> None:
    now = database_now()
    answered(staff, endpoint, 500, now - timedelta(days=5, hours=1))
    answered(staff, endpoint, 200, now - timedelta(days=5))
    answered(staff, endpoint, None, now - timedelta(days=4, hours=23))
    answered(staff, endpoint, 500, now)
    assert read(staff, endpoint)["state"] == "enabled"

    answered(staff, endpoint, 500, now + timedelta(hours=1, seconds=1))

    assert read(staff, endpoint)["disabled_reason"] == "failing"
    assert send_disabled_mail(endpoint["id"]) == 1
    with mail_server() as letters:
        assert send_disabled_mail_to(endpoint["id"], str(staff.user.pk))
    (letter,) = letters.messages
    assert URL in letter.get_content()
    ok(staff.patch(f"/webhook-endpoints/{endpoint['id']}", {"state": "enabled"}))
    assert not send_disabled_mail_to(endpoint["id"], str(staff.user.pk))


def test_after_a_rotation_both_secrets_sign_for_a_day(staff: Caller, endpoint: dict[str, Any]) -> None:
    now = database_now()
    _, newer = rotate_secret(endpoint_id=endpoint["id"], now=now)

    signed_soon = signed(endpoint, now + timedelta(hours=23))
    assert signed_soon.verified(endpoint["secret"]) == signed_soon.verified(newer) == {"a": 1}
    signed_late = signed(endpoint, now + timedelta(hours=25))
    assert signed_late.verified(newer) == {"a": 1}
    with pytest.raises(WebhookVerificationError):
        signed_late.verified(endpoint["secret"])
    newest = ok(staff.post(f"/webhook-endpoints/{endpoint['id']}/rotate", None))["secret"]
    assert signed(endpoint, now).verified(newer) == signed(endpoint, now).verified(newest)
    assert signed(endpoint, now).verified(endpoint["secret"]) == {"a": 1}, "each has its own day"


def test_each_secret_of_several_rotations_signs_for_its_own_day(staff: Caller, endpoint: dict[str, Any]) -> None:
    now, path = database_now() - timedelta(hours=20), f"/webhook-endpoints/{endpoint['id']}/rotate"
    secrets = [endpoint["secret"]]
    for hours in range(4):
        secrets.append(rotate_secret(endpoint_id=endpoint["id"], now=now + timedelta(hours=hours))[1])
    secrets.append(ok(staff.post(path, None))["secret"])

    problem = refused(staff.post(path, None), 409, "too_many_secrets")
    assert (problem["limit"], problem["until"][:16]) == (5, (now + timedelta(hours=24)).isoformat()[:16])
    for hour, gone in ((23.5, 0), (24.5, 1), (25.5, 2), (26.5, 3), (27.5, 4)):
        at = signed(endpoint, now + timedelta(hours=hour))
        assert all(at.verified(secret) == {"a": 1} for secret in secrets[gone:])
        for secret in secrets[:gone]:
            with pytest.raises(WebhookVerificationError):
                at.verified(secret)
    _, latest = rotate_secret(endpoint_id=endpoint["id"], now=now + timedelta(hours=25.5))
    assert signed(endpoint, now + timedelta(hours=25.6)).verified(latest) == {"a": 1}


def test_staff_who_rotate_too_often_are_told_when_they_may(staff: Caller, endpoint: dict[str, Any]) -> None:
    for _ in range(5):
        rotate_secret(endpoint_id=endpoint["id"])
    browser, before = signed_in(staff.user), Endpoint.objects.get(pk=endpoint["id"]).secret

    page = browser.post(f"/admin/webhooks/endpoint/{endpoint['id']}/rotate/", follow=True)

    assert "5 older secrets still sign" in text_of(page)
    assert Endpoint.objects.get(pk=endpoint["id"]).secret == before


def signed(endpoint: dict[str, Any], at: datetime) -> Came:
    """As it would be sent then, but for the time stamp, which the library holds against its own clock."""
    used = signing_secrets(Endpoint.objects.get(pk=endpoint["id"]), now=at)
    body = b'{"a": 1}'
    headers = signature_headers(message_id="m", body=body, secrets_used=used, at=int(datetime.now(UTC).timestamp()))
    return Came("/", headers, body, 0)


def test_what_is_old_is_forgotten(staff: Caller, endpoint: dict[str, Any]) -> None:
    done, waiting = answered(staff, endpoint, 200), answered(staff, endpoint, 500)

    assert purge_deliveries(now=database_now() + timedelta(days=29)) == 0
    purge_deliveries(now=database_now() + timedelta(days=31))

    refused(staff.get(f"/webhook-deliveries/{done.pk}"), 404, "not_found")
    assert ok(staff.get(f"/webhook-deliveries/{waiting.pk}"))["attempts"] == []
    ok_status = staff.delete(f"/webhook-endpoints/{endpoint['id']}").status_code
    assert ok_status == 204
    refused(staff.get(f"/webhook-endpoints/{endpoint['id']}"), 404, "not_found")
    # At once, not in the night: what waits for an endpoint that is gone would count as waiting.
    asked = ProcrastinateJob.objects.latest("id")
    assert asked.task_name == "webhooks.purge_deliveries"
    jobs.purge_deliveries(**asked.args)
    assert not Delivery.objects.exists()
    assert not Endpoint.objects.exists()
