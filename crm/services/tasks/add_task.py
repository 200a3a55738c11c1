"""Note what somebody should do."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from crm.models.task import Task
from shared.errors import InvalidInput, NotFound
from users.models.customer import Customer

MAX_TITLE_LENGTH = 200


def add_task(*, title: str, customer_id: UUID, assignee_id: UUID | None = None, due_at: datetime | None = None) -> Task:
    """An open task about a customer. `due_at` (UTC) unset: some day.

    Raises NotFound, or InvalidInput for a title that is empty or too long.
    """
    title = title.strip()
    if not title or len(title) > MAX_TITLE_LENGTH or "\0" in title:
        raise InvalidInput(
            ("/title", "out_of_range", gettext("Write 1 to %(limit)s characters.") % {"limit": MAX_TITLE_LENGTH})
        )
    if not Customer.objects.filter(pk=customer_id).exists():
        raise NotFound(gettext("There is no such customer."))
    return Task.objects.create(title=title, customer_id=customer_id, assignee_id=assignee_id, due_at=due_at)
