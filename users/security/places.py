"""From where somebody tries to sign in, and how often that has failed (docs/decisions/sign-in.md)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.clock import database_now
from shared.concurrency.throttling import RateLimited
from users.models.sign_in import KnownPlace, SignInFailures
from users.models.user import User

log = structlog.get_logger("kontor.users")

KNOWN_FOR = timedelta(days=90)


class AccountLocked(RateLimited):
    """Too many failures in a row. The account may exist or not: nothing tells them apart."""

    title = _("Signing in is locked")

    def __init__(self, until: datetime, *, retry_after_seconds: int) -> None:
        text = gettext(
            "Too many failed tries to sign in from here: locked until %(until)s. "
            "An administrator can unlock it earlier."
        ) % {"until": f"{localtime(until):%H:%M %Z}"}
        super().__init__(text, retry_after_seconds=max(1, retry_after_seconds))


@dataclass(frozen=True, slots=True)
class Place:
    """`key` is that of a KnownPlace of the account; empty: none of its."""

    account: str
    key: str
    candidates: tuple[str, ...]

    @property
    def is_known(self) -> bool:
        return bool(self.key)


def find_place(*, email: str, address: str, browser: str = "") -> Place:
    """Where a try to sign in comes from. `browser` is the token that an earlier sign-in left in this browser."""
    account = email.lower()
    candidates = (*([_browser_key(browser)] if browser else []), *([f"address {address}"] if address else []))
    known = KnownPlace.objects.filter(
        user__email=account, key__in=candidates, last_used_at__gt=Now() - KNOWN_FOR
    ).values_list("key", flat=True)
    found = set(known)
    return Place(account, next((key for key in candidates if key in found), ""), candidates)


def _browser_key(token: str) -> str:
    return f"browser {hashlib.sha256(token.encode()).hexdigest()}"


def refuse_locked(*, place: Place, most_failures: int) -> None:
    """Raises AccountLocked while there were `most_failures` or more in a row at this place."""
    row = SignInFailures.objects.filter(
        account=place.account, place=place.key, failures__gte=most_failures, locked_until__gt=Now()
    ).first()
    if row is not None and row.locked_until is not None:
        wait = row.locked_until - database_now()
        raise AccountLocked(row.locked_until, retry_after_seconds=int(wait.total_seconds()) + 1)


def note_failure(*, place: Place) -> None:
    """Count a failure, and lock at SIGN_IN_FAILURES_TO_LOCK (over the API: SIGN_IN_FAILURES_TO_LOCK_API) of them
    within SIGN_IN_LOCK_MINUTES, for as long."""
    lasting = timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)
    with transaction.atomic():
        user_id = User.objects.filter(email=place.account).values_list("pk", flat=True).first()
        row, _ = SignInFailures.objects.select_for_update().get_or_create(
            account=place.account, place=place.key, defaults={"user_id": user_id}
        )
        now = database_now()
        if (row.locked_until or row.first_at + lasting) <= now or row.failures == 0:
            row.failures, row.first_at, row.locked_until = 0, now, None
        row.failures, row.last_at, row.user_id = row.failures + 1, now, user_id
        if row.failures in {settings.SIGN_IN_FAILURES_TO_LOCK, settings.SIGN_IN_FAILURES_TO_LOCK_API}:
            row.locked_until = now + lasting
            log.warning("sign_in_locked", account=place.account, known_place=place.is_known)
        row.save(update_fields=["failures", "first_at", "last_at", "locked_until", "user_id"])


def note_success(*, place: Place, user: User, new_browser: str = "") -> None:
    """Failures in a row end here, and the place is known from now on."""
    SignInFailures.objects.filter(account=place.account, place=place.key).exclude(failures=0).update(
        failures=0, locked_until=None
    )
    keys = {*place.candidates, *([_browser_key(new_browser)] if new_browser else [])}
    # Sorted: two sign-ins of one user at once touch the rows in one order, and cannot wait for each other.
    rows = [KnownPlace(user=user, key=key, last_used_at=database_now()) for key in sorted(keys)]
    KnownPlace.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "key"], update_fields=["last_used_at"]
    )


def find_lock(*, user: User) -> datetime | None:
    """Until when the user is locked out somewhere, None if nowhere."""
    rows = SignInFailures.objects.filter(account=user.email, locked_until__gt=Now()).order_by("-locked_until")
    return rows.values_list("locked_until", flat=True).first()


def unlock_sign_in(*, user: User) -> bool:
    """End every lock of the account; whether there was one."""
    rows = SignInFailures.objects.filter(account=user.email).exclude(failures=0)
    return bool(rows.update(failures=0, locked_until=None))
