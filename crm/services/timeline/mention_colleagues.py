"""Tell the colleagues whom a note names by @: docs/decisions/comments.md."""

from crm.models.activity import Activity
from crm.models.task import Task
from crm.services.tasks.create_task import create_task
from crm.timeline.naming import colleagues_named, may_read_notes, names_in
from crm.timeline.visibility import about_visible
from shared.actor import Actor
from shared.clock import database_now
from users.models.user import User

_TITLE_LENGTH = 200


def mention_colleagues(*, activity: Activity, actor: Actor, number: str = "") -> list[Task]:
    """A task for each colleague whom the text names, by e-mail address or by what stands before its @; the reminder
    goes by e-mail at once. Nobody is told of what they may not see, nor of their own words.

    `number`: of the order that the note is about. Part of the transaction that writes the note.
    """
    names = names_in(activity.text)
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
        for colleague in colleagues_named(names)
        if colleague.pk != actor.user_id and _may_see(colleague, activity)
    ]


def _may_see(colleague: User, activity: Activity) -> bool:
    """Whether the note would be shown to them in a list."""
    note = Activity.objects.filter(pk=activity.pk)
    return may_read_notes(colleague) and about_visible(colleague, note, "customer", "lead").exists()
