"""Who a request's credentials belong to: one statement each, whose SQL is made once (every API request runs one)."""

from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, UUIDField, Value, When
from django.db.models.functions import Now

from shared.concurrency.together import BatchFailed, BatchQueue
from shared.database import time_limit as database_time
from shared.database.replica import can_only_read, reads_from_replica
from shared.planner.compiled_query import CompiledQuery, EqualsAny, Param
from shared.planner.known_instance import partly_known_instance
from users.models.api_key import ApiKey
from users.models.customer import Customer
from users.models.refresh_family import RefreshFamily
from users.models.user import User
from users.security.note_key_use import is_due, note_key_use

_USER_FIELDS = ("id", "email", "password", "is_active", "is_staff", "is_superuser", "token_generation")
_CUSTOMER = ("customer__id", "customer__deleted_at")
_KEY_FIELDS = ("id", "name", "scopes", "owner_id")


def find_user(user_id: UUID, *, family: UUID) -> User | None:
    """The user, with the customer it is; None once that family of tokens of theirs has ended.

    Other fields than those that sign-in needs load when they are asked for."""
    rows = _USER_BY_ID.fetch(id=user_id, family=family)
    return _user_of_row(rows[0]) if rows else None


def find_api_key(secret_hash: str) -> ApiKey | None:
    """The key of this secret with its owner, None if unknown, revoked, expired, or of an inactive owner.

    Notes its use, at most every few minutes.
    """
    try:
        with database_time.all_counts():
            # Who asks a replica asks alone: what it answers may be too old for another one that waits.
            row = _read_keys([secret_hash])[0] if reads_from_replica() else _SIGN_INS.run(secret_hash)
    except BatchFailed:
        row = _read_keys([secret_hash])[0]
    if row is None:
        return None
    use_is_due, *columns = row
    split = len(_KEY_FIELDS)
    key = partly_known_instance(ApiKey, _KEY_FIELDS, columns[:split])
    key.owner = _user_of_row(columns[split:])
    if use_is_due and not can_only_read():
        note_key_use(api_key_id=key.pk)
    return key


def _read_keys(secret_hashes: list[str]) -> list[list[Any] | None]:
    """The row of each secret's key, None where there is none."""
    rows = {secret_hash: row for secret_hash, *row in _KEY_BY_SECRET.fetch(secret_hashes=list(set(secret_hashes)))}
    return [rows.get(secret_hash) for secret_hash in secret_hashes]


# A busy shop's requests all come with the same few keys: those that wait are looked up together. In a rush the pause
# lets those come along who were answered at the same moment: an order costs a tenth less of the database's time.
_SIGN_INS = BatchQueue(_read_keys, pause=0.001)


def _user_of_row(columns: Any) -> User:
    *values, customer_id, deleted_at, has_role = columns
    user = partly_known_instance(User, _USER_FIELDS, values)
    user.__dict__["has_role"] = has_role  # what the property keeps
    columns_read = ("id", "deleted_at")
    customer = partly_known_instance(Customer, columns_read, (customer_id, deleted_at)) if customer_id else None
    User._meta.get_field("customer").set_cached_value(user, customer)
    return user


def _user_by_id() -> QuerySet:
    family = RefreshFamily.objects.filter(pk=Param("family", UUIDField()), user_id=OuterRef("pk"))
    users = User.objects.order_by().filter(Exists(family), pk=Param("id", UUIDField()))
    return users.annotate(is_in_group=_has_role("pk")).values_list(*_USER_FIELDS, *_CUSTOMER, "is_in_group")


def _has_role(user: str) -> Exists:
    return Exists(User.groups.through._default_manager.filter(user_id=OuterRef(user)))


def _key_by_secret() -> QuerySet:
    unexpired = Q(expires_at__isnull=True) | Q(expires_at__gt=Now())
    usable = ApiKey.objects.order_by().filter(unexpired, revoked_at__isnull=True, owner__is_active=True)
    owner = [*(f"owner__{name}" for name in (*_USER_FIELDS, *_CUSTOMER)), "is_in_group"]
    return (
        usable.filter(EqualsAny("secret_hash", Param("secret_hashes", CharField())))
        .annotate(
            use_is_due=Case(When(is_due(), then=Value(True)), default=Value(False)), is_in_group=_has_role("owner_id")
        )
        .values_list("secret_hash", "use_is_due", *_KEY_FIELDS, *owner)
    )


_USER_BY_ID = CompiledQuery(_user_by_id)
_KEY_BY_SECRET = CompiledQuery(_key_by_secret)
