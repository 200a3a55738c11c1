"""The page itself: shown, priced while it is filled, and sent."""

from typing import Any, cast

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from catalog.models.variant import Variant, default_currency
from orders.admin.desk.form import DeskForm, NewCustomer
from orders.admin.desk.lines import desk_lines, drafted_lines
from orders.admin.desk.refused import show_beside
from orders.admin.desk.shown import plan_of, price_facts
from orders.admin.desk.starting import Start, start_of
from orders.models.draft import Draft, DraftKind
from orders.models.order import Order
from orders.services.drafts.check_agreed_prices import AGREE_PRICES
from orders.services.drafts.decide_draft import send_draft
from orders.services.drafts.write_draft import create_draft
from orders.services.orders.place_order import place_order
from shared.admin.base import actor_of
from shared.admin.display import change_url
from shared.admin.form_page import Done, Facts, FormPage
from shared.admin.forms import posted
from shared.clock import shop_today
from shared.concurrency.idempotency import IdempotencyKeyReused
from shared.database.transactions import one_transaction, retry_transaction
from shared.errors import InvalidInput, Refusal
from users.access.ownership import owner_of_new
from users.models.customer import Customer
from users.services.create_customer import create_customer

DO = "_do"
DRAFT, QUOTE = "draft", "quote"


def desk_page(pages: ModelAdmin, request: HttpRequest) -> FormPage:
    start = start_of(pages, request)
    form = desk_form(pages, request, start)

    def look(_values: dict[str, Any]) -> Facts:
        return price_facts(plan_of(form))

    def apply(_values: dict[str, Any]) -> Done:
        try:
            return _do(request, form)
        except IdempotencyKeyReused as reused:
            form.take_new_key()
            text = gettext("This page has placed an order already. Press the button again if you want another one.")
            if request.POST.get(DO) in (DRAFT, QUOTE):
                text = gettext("This page has saved a draft already. Press the button again if you want another one.")
            raise Refusal(text) from reused
        except Refusal as refusal:
            show_beside(refusal, form)
            raise

    return FormPage(
        title=gettext("New order"),
        intro=gettext("The stock is held for the customer until the payment deadline."),
        submit=gettext("Place order"),
        form=form,
        apply=apply,
        look=look,
        back_url=reverse("admin:orders_order_changelist"),
        template="admin/kontor/order_desk.html",
        extra_context={
            "lines": form.lines,
            "texts": _script_texts(),
            "start": start,
            "do_name": DO,
            "may_draft": request.user.has_perm("orders.add_draft"),
            "may_quote": request.user.has_perms(("orders.add_draft", "orders.change_draft")),
            "media": pages.media,
        },
    )


def _script_texts() -> dict[str, str]:
    return {
        "added": gettext("Added: {name}"),
        "raised": gettext("{name}: now {quantity}"),
        "removed": gettext("Taken away: {name}"),
        "nothing": gettext("Nothing is found."),
        "unclear": gettext("Nothing is called exactly that, choose from the list: {term}"),
        "nearly": gettext("Nothing matches “{term}” exactly. Shown: what is spelled nearly so."),
        "gone": gettext("Not for sale: {name}"),
        "failed": gettext("The server did not answer. What you wrote stays here: try again."),
        "newCustomer": gettext("New customer: {name}"),
        "default": gettext("The customer's default"),
        "typed": gettext("Another one"),
    }


def desk_form(pages: ModelAdmin, request: HttpRequest, start: Start) -> DeskForm:
    site, user = pages.admin_site, request.user
    may_agree = user.has_perm(AGREE_PRICES)
    # As the list of customers would show them: who sees some alone sells to these alone.
    customers: Any = site.get_model_admin(Customer).get_queryset(request).prefetch_related(None)
    return DeskForm(
        desk_lines(request, may_agree=may_agree, initial=start.lines),
        customers,
        posted(request),
        initial=start.values,
        may_agree=may_agree,
        may_add_customers=user.has_perm("users.add_customer"),
        typed=start.typed,
    )


def _do(request: HttpRequest, form: DeskForm) -> Done:
    if request.POST.get(DO) in (DRAFT, QUOTE):
        return _save_draft(request, form, DraftKind(request.POST[DO]))
    if form.cleaned_data.get("customer") is None:
        plan_of(form)  # what would be refused is refused before somebody is made
    customer = _customer_of(request, form)
    if form.new_customer() is not None:  # committed, and there whatever becomes of the order
        form.take_customer(customer)
    wanted, key = form.requested(customer.pk), f"admin-{form.cleaned_data['key']}"
    placed = place_order(request=wanted, actor=actor_of(request), idempotency_key=key)
    text = gettext("Order %(number)s is placed.")
    if not placed.created:
        text = gettext("Order %(number)s is placed already; it was sent twice and placed once.")
    return Done(text % {"number": placed.order.number}, change_url(Order, placed.order.pk))


def _save_draft(request: HttpRequest, form: DeskForm, kind: DraftKind) -> Done:
    needed = ("orders.add_draft", "orders.change_draft") if kind == DraftKind.QUOTE else ("orders.add_draft",)
    if not request.user.has_perms(needed):
        raise PermissionDenied
    if kind == DraftKind.QUOTE and (last := form.cleaned_data["valid_until"]) and last < shop_today():
        raise InvalidInput(
            ("/valid_until", "in_the_past", gettext("This day has passed: nobody could accept the quote."))
        )

    def work(_again: bool) -> Draft:
        with one_transaction():
            draft = _create_draft(request, form, kind)
            return send_draft(draft_id=draft.pk) if kind == DraftKind.QUOTE else draft

    draft = retry_transaction(work, name="desk_draft")
    text = gettext("%(number)s is with the customer.") if kind == DraftKind.QUOTE else gettext("%(number)s is saved.")
    return Done(text % {"number": draft.number}, change_url(Draft, draft.pk))


def _create_draft(request: HttpRequest, form: DeskForm, kind: DraftKind) -> Draft:
    """With its customer, within the caller's transaction: what is refused leaves neither."""
    values = form.cleaned_data
    lines = drafted_lines(form.lines.filled())
    currency = Variant.objects.filter(pk=lines[0].variant_id).values_list("currency", flat=True).first()
    return create_draft(
        customer_id=_customer_of(request, form).pk,
        currency=currency or default_currency(),
        actor=actor_of(request),
        kind=kind,
        lines=lines,
        note=values["note"],
        valid_until=values["valid_until"],
        draft_id=values["key"],
        ship_to_country=values["ship_to_country"],
        delivery_address=values["delivery_address"],
        billing_address=values["billing_address"],
        shipping_method=values["shipping_method"],
        payment_method=values["payment_method"],
        coupon=values["coupon"],
        discount=form.discount(),
    )


def _customer_of(request: HttpRequest, form: DeskForm) -> Customer:
    """Who was chosen, or is made now: once, as the page's key is their id."""
    if (chosen := form.cleaned_data.get("customer")) is not None:
        return cast("Customer", chosen)
    new = form.new_customer() or NewCustomer("", "", "")
    addresses: Any = [
        {**address, "kind": kind, "is_default": True}
        for kind in ("delivery", "billing")
        if (address := form.cleaned_data.get(f"{kind}_address"))
    ]
    made = create_customer(
        customer_id=form.cleaned_data["key"],
        name=new.name,
        email=new.email,
        phone=new.phone,
        addresses=addresses,
        owner_id=owner_of_new(request.user),
    )
    if (made.name, made.email, made.phone) != new:
        raise IdempotencyKeyReused(gettext("This page has made another customer."))
    return made
