"""Which payment methods an order may name."""

from collections.abc import Iterable, Mapping

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from orders.models.payment_method import ChosenBy, PaymentMethod
from shared.errors import Refusal


class PaymentMethodUnavailable(Refusal):
    code = "payment_method_unavailable"
    title = _("The order cannot be paid that way")


def methods_named(codes: Iterable[str]) -> Mapping[str, PaymentMethod]:
    """By code, for check_payment_method. 1 statement; none where none is named."""
    named = {code for code in codes if code}
    rows = PaymentMethod.objects.filter(code__in=named).only("code", "name", "is_active", "chosen_by") if named else ()
    return {method.code: method for method in rows}


def check_payment_method(code: str, methods: Mapping[str, PaymentMethod], *, as_customer: bool) -> None:
    """Raise PaymentMethodUnavailable for a method that is switched off or not for whoever asks. A name that is no
    method's is kept as it is, as it was before there were methods: shops' own programs send such."""
    method = methods.get(code)
    others = ChosenBy.STAFF if as_customer else ChosenBy.BUYERS
    if method is not None and (not method.is_active or method.chosen_by == others):
        text = gettext("%(name)s cannot be chosen.") % {"name": method.name}
        error = {"pointer": "/payment_method", "code": PaymentMethodUnavailable.code, "detail": text}
        raise PaymentMethodUnavailable(text, errors=[error])


def methods_for_staff() -> list[PaymentMethod]:
    """Those that staff may choose. 1 statement."""
    rows = PaymentMethod.objects.filter(~Q(chosen_by=ChosenBy.BUYERS), is_active=True)
    return list(rows.order_by("position", "name"))


def staff_default() -> str:
    """What staff's orders and drafts begin with; empty: nothing. 1 statement."""
    rows = PaymentMethod.objects.filter(~Q(chosen_by=ChosenBy.BUYERS), is_active=True, is_staff_default=True)
    return rows.values_list("code", flat=True).first() or ""
