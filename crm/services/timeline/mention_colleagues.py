"""Tell the colleagues whom a note names by @: docs/decisions/comments.md."""

import re
from collections.abc import Iterator

from catalog.seller_access import sellers_of
from crm.models.activity import Activity
from crm.models.task import Task
from crm.services.tasks.create_task import create_task
from shared.actor import Actor
from shared.clock import database_now
from users.access.ownership import visible_to
from users.models.customer import Customer
from users.models.user import User

_NAMED = re.compile(r"(?<![\w.@])@([\w.+-]*\w(?:@[\w.-]*\w)?)")
_MOST_NAMED = 20
_TITLE_LENGTH = 200


def mention_colleagues(*, activity: Activity, actor: Actor, number: str = "") -> list[Task]:
    """A task for each colleague whom the text names, by e-mail address or by what stands before its @; the reminder
    goes by e-mail at once. Nobody is told of what they may not see, nor of their own words.

    `number`: of the order that the note is about. Part of the transaction that writes the note.
    """
    names = {name.lower() for name in _NAMED.findall(activity.text)[:_MOST_NAMED]}
    now = database_now() if names else None
    about = f"{actor.label}, {number}:" if number else f"{actor.label}:"
    title = f"{about} {' '.join(activity.text.split())}"[:_TITLE_LENGTH]
    return [
        create_task(
            actor=actor,
            title=title,
            customer_id=activity.customer_id,
            lead_id=activity.lead_id,
            deal_id=activity.deal_id,
            assignee_id=colleague.pk,
            reminder_at=now,
        )
        for colleague in _colleagues_named(names)
        if colleague.pk != actor.user_id and _may_see(colleague, activity)
    ]


def _colleagues_named(names: set[str]) -> Iterator[User]:
    """Staff who work here; one for each name, and none where two share it."""
    if not names:
        return
    staff = list(User.objects.filter(is_staff=True, is_active=True).order_by("email"))
    for name in sorted(names):
        found = [user for user in staff if name in (user.email.lower(), user.email.lower().partition("@")[0])]
        if len(found) == 1:
            yield found[0]


def _may_see(colleague: User, activity: Activity) -> bool:
    """Whether the note would be shown to them."""
    if not colleague.has_perm("crm.view_activity") or sellers_of(colleague) is not None:
        return False
    if activity.customer_id is None:
        return True
    return visible_to(colleague, Customer.objects.filter(pk=activity.customer_id)).exists()
