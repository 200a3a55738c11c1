"""/healthz and /readyz."""

from typing import Any

import pytest
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from tests.shop.http.api_client import ok


def _beat(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))",
            [seconds_ago],
        )


def test_a_process_that_answers_is_alive_without_a_database() -> None:
    assert ok(Client().get("/healthz")) == {"status": "ok"}
    assert ok(Client().get("/healthz/")) == {"status": "ok"}


def test_whoever_asks_by_address_is_answered(db: None, settings: Any) -> None:
    """A balancer's or Kubernetes' probe: no address stands in ALLOWED_HOSTS, and no probe speaks TLS."""
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["shop.example.com"], True
    statuses = {
        path: Client().get(path, headers={"host": "10.1.2.3:8000"}).status_code
        for path in ("/healthz", "/readyz", "/admin/", "/api/v1/products")
    }
    assert statuses == {"/healthz": 200, "/readyz": 200, "/admin/": 400, "/api/v1/products": 400}


@pytest.mark.parametrize(("seconds_ago", "worker"), [(5, "ok"), (300, "degraded")])
def test_a_silent_worker_degrades_but_stays_ready(db: None, seconds_ago: int, worker: str) -> None:
    _beat(seconds_ago)

    body = ok(Client().get("/readyz"))

    assert body == {"status": "ready", "database": "ok", "migrations": "ok", "worker": worker}


def test_no_worker_at_all_degrades(db: None) -> None:
    _beat(0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")

    assert ok(Client().get("/readyz"))["worker"] == "degraded"


def test_an_unapplied_migration_is_not_ready(db: None) -> None:
    MigrationRecorder.Migration.objects.filter(app="orders").order_by("id")[0].delete()

    response = Client().get("/readyz")

    assert ok(response, 503)["migrations"] == "unapplied"
    assert response["Retry-After"] == "2"


def test_a_database_that_is_away_is_not_ready(transactional_db: None, settings: Any) -> None:
    connections["default"].close()
    was = connections["default"].settings_dict["NAME"]
    connections["default"].settings_dict["NAME"] = "there_is_no_such_database"
    try:
        response = Client().get("/readyz")
    finally:
        connections["default"].settings_dict["NAME"] = was

    assert ok(response, 503)["database"] == "unavailable"
