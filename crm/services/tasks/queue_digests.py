"""Queue each colleague's digest of the day."""

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Q

from shared.background.enqueue import enqueue
from shared.clock import database_now
from users.models.user import User

DIGEST_JOB = "crm.send_digest"


def queue_digests(*, now: datetime | None = None) -> int:
    """Queue today's digest for every colleague at work who wants one and has none yet; how many.

    Locks: the users that nobody else has locked.
    """
    moment = now or database_now()
    day = moment.astimezone(UTC).date()
    wanting = Q(is_active=True, is_staff=True, wants_digest=True) & (Q(digest_sent_on=None) | Q(digest_sent_on__lt=day))
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        keys = list(locked.filter(wanting).values_list("pk", flat=True))
        User.objects.filter(pk__in=keys).update(digest_sent_on=day)
        for key in keys:
            enqueue(DIGEST_JOB, user_id=str(key), day=f"{day}")
    return len(keys)
