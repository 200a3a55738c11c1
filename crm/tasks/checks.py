"""What a task must fulfil, whoever writes it."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.task import Task, TaskRepeat
from shared.errors import InvalidInput
from users.models.customer import Customer
from users.models.user import User


def check_task(task: Task) -> None:
    """Every fault; a task about a deal gets the deal's customer."""
    links: tuple[tuple[str, Any, UUID | None, str], ...] = (
        ("customer", Customer, task.customer_id, gettext("There is no such customer.")),
        ("lead", Lead, task.lead_id, gettext("There is no such lead.")),
        ("assignee", User, task.assignee_id, gettext("There is no such colleague.")),
    )
    faults = [
        (f"/{name}", "does_not_exist", text)
        for name, model, key, text in links
        if key is not None and not model.objects.filter(pk=key).exists()
    ]
    if task.repeat != TaskRepeat.NEVER and task.due_at is None:
        faults.append(("/repeat", "needs_due_at", gettext("A task that repeats has a due time.")))
    if task.deal_id is not None:
        deal = Deal.objects.filter(pk=task.deal_id).only("customer_id").first()
        if deal is None or task.customer_id not in (None, deal.customer_id):
            faults.append(("/deal", "does_not_exist", gettext("There is no such deal of this customer.")))
        else:
            task.customer_id = deal.customer_id
    if faults:
        raise InvalidInput(*faults)
