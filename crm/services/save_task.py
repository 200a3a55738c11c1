"""Tasks as colleagues and other systems write them down."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.task import Task, TaskRepeat
from shared.actor import Actor
from shared.errors import InvalidInput, NotFound
from users.models.customer import Customer
from users.models.user import User


def create_task(*, actor: Actor, **details: Any) -> Task:
    """A new task, the actor's own unless `assignee_id` says otherwise; about a deal, it is about the deal's customer.

    Raises InvalidInput naming every fault.
    """
    task = Task(**{"assignee_id": actor.user_id, **details})
    _check(task)
    task.save(force_insert=True)
    return task


@transaction.atomic
def update_task(*, task_id: UUID, changes: Mapping[str, Any]) -> Task:
    """Change a task; another reminder is sent again. Raises NotFound or InvalidInput. Locks: the task."""
    task = Task.objects.select_for_update(of=("self",), no_key=True).filter(pk=task_id).first()
    if task is None:
        raise NotFound(gettext("There is no such task."))
    for column, value in changes.items():
        setattr(task, column, value)
    if "reminder_at" in changes:
        task.reminded_at = None
    if "deal_id" in changes and "customer_id" not in changes:
        task.customer_id = None
    _check(task)
    task.save(update_fields=[*{*changes, "customer_id", "reminded_at"}, "updated_at"])
    return task


def _check(task: Task) -> None:
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
