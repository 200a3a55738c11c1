"""What an e-mail from a template says before it is sent."""

from collections.abc import Mapping
from datetime import datetime

from crm.mail.shop_words import shop_words
from crm.mail.text import fill_in, one_line
from crm.models.email import EmailTemplate
from shared.actor import Actor
from shared.clock import database_now, day_of
from users.models.customer import Customer
from users.models.user import User


def values_for(*, customer: Customer, actor: Actor, now: datetime | None = None) -> Mapping[str, str]:
    """What the names in a template stand for; plain texts."""
    sender = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    words = customer.name.split()
    return {
        "customer.name": customer.name,
        "customer.first_name": words[0] if words else "",
        "customer.email": customer.email,
        "customer.phone": customer.phone,
        "company.name": customer.company.name if customer.company else "",
        "sender.name": (sender.get_full_name() or sender.email) if sender else "",
        "sender.email": sender.email if sender else "",
        **shop_words(),
        "today": f"{day_of(now or database_now()):%Y-%m-%d}",
    }


def draft_of(*, template: EmailTemplate, values: Mapping[str, str]) -> tuple[str, str]:
    """(subject, body) with the values filled in. Raises InvalidInput for a template with a fault."""
    return one_line(fill_in(template.subject, values)), fill_in(template.body, values)
