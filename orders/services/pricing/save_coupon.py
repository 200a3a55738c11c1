from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from orders.models.coupon import Coupon, CouponKind
from shared.database.errors import AlreadyExists, named_constraints
from shared.errors import InvalidInput, NotFound
from shared.money.checks import check_amounts


def save_coupon(*, coupon_id: UUID | None, values: Mapping[str, Any]) -> Coupon:
    """Make a coupon, or change one. Raises NotFound, InvalidInput, AlreadyExists for a code that is taken. Locks the
    coupon, so that nobody uses it meanwhile."""
    taken = {"coupon_code_unique": lambda: AlreadyExists("/code", gettext("This code is taken."))}
    with named_constraints(taken), transaction.atomic():
        row = Coupon() if coupon_id is None else _lock_coupon(coupon_id)
        for name, value in values.items():
            setattr(row, name, value)
        # Kept in capitals and looked up in capitals, so that buyers need not mind them.
        row.code = row.code.upper()
        _check_coupon_fields(row)
        # Uses are counted elsewhere: what was read of them may be old.
        row.save(update_fields=None if coupon_id is None else [*values, "updated_at"])
    return row


def _lock_coupon(coupon_id: UUID) -> Coupon:
    row = Coupon.objects.select_for_update(no_key=True).filter(pk=coupon_id).first()
    if row is None:
        raise NotFound(gettext("No such coupon: %(id)s.") % {"id": coupon_id})
    return row


def _check_coupon_fields(row: Coupon) -> None:
    if row.kind == CouponKind.AMOUNT and not row.currency:
        raise InvalidInput(("/currency", "required", gettext("An amount off is in some currency: name it.")))
    if row.kind == CouponKind.PERCENT and row.value > 100:
        raise InvalidInput(("/value", "out_of_range", gettext("At most 100 percent.")))
    # True until the commit: whoever uses the coupon waits for its row, which is locked here.
    if row.usage_limit is not None and row.usage_limit < row.used_count:
        text = gettext("It has been used %(count)s times already.") % {"count": row.used_count}
        raise InvalidInput(("/usage_limit", "out_of_range", text))
    amounts = {"/value": row.value} if row.kind == CouponKind.AMOUNT else {}
    if row.currency:
        check_amounts({**amounts, "/min_subtotal": row.min_subtotal}, row.currency)
