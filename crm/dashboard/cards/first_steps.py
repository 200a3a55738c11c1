"""What a new shop does first, ticked by what there is. It goes when all is done, or when somebody dismisses it."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.dashboard.card import Card, Place
from crm.demo.removal.asking import MAY_REMOVE_DEMO
from crm.reads.first_steps import first_steps_done
from shop.current import current_shop

# What to do, why, and the page where it is done; a backup is made on the machine.
_STEPS = {
    "name": (_("Name your shop"), _("On pages, in e-mails and on invoices."), "admin:shop_shop_changelist"),
    "product": (_("Add a product"), _("With a variant and its price, and pictures."), "admin:catalog_product_add"),
    "stock": (_("Receive goods"), _("What is in stock can be sold."), "admin:inventory_stockdocument_add"),
    "colleague": (_("Invite a colleague"), _("With a role of their own."), "admin:users_user_invite"),
    "mail": (_("Let e-mails work"), _("Sends one to you, by the mail server of EMAIL_URL."), ""),
    "order": (_("Place an order"), _("As if a customer had called."), "admin:orders_order_add"),
    "second_factor": (_("Set up a second factor"), _("So that your password alone opens nothing."), "admin:security"),
    "demo": (_("Remove the demo shop"), _("When you are done trying: your own records stay."), "admin:demo_shop"),
    "backup": (_("Make a backup"), _("On the machine: manage.py backup --full --to DIR"), ""),
}


def _first_steps(request: HttpRequest) -> Any:
    if current_shop().is_checklist_dismissed:
        return None
    done = first_steps_done(request.user)  # type: ignore[arg-type]
    if current_shop().demo_loaded_at is not None and request.user.has_perms(MAY_REMOVE_DEMO):
        done["demo"] = False
    if all(done.values()):
        return None
    steps = [
        {"key": key, "title": title, "why": why, "url": reverse(page) if page else "", "is_done": done[key]}
        for key, (title, why, page) in _STEPS.items()
        if key in done
    ]
    return {"steps": steps, "done": sum(done.values()), "all": len(steps)}


CARD = Card(
    "admin/kontor/cards/first_steps.html",
    permissions=("shop.change_shop",),
    read=_first_steps,
    rank=0,
    place=Place.TOP,
    is_of_whole_shop=True,
)
