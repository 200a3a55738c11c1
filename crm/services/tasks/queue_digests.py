"""Queue each colleague's digest of the day."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from shared.background.enqueue import enqueue
from shared.clock import database_now, reader_zone
from users.models.user import User

DIGEST_JOB = "crm.send_digest"
MORNING = 6  # o'clock, where the colleague is


def queue_digests(*, now: datetime | None = None) -> int:
    """Queue today's digest for every colleague at work for whom it is morning, who wants one and has none yet; how
    many. "Today" is the day where they are.

    Locks: the users that nobody else has locked.
    """
    moment = now or database_now()
    at_work = Q(is_active=True, is_staff=True, wants_digest=True)
    # There are few zones: whose morning it is need not be worked out for each colleague.
    zones = User.objects.filter(at_work).order_by().values_list("time_zone", flat=True).distinct()
    queued = 0
    for zone in list(zones):
        local = moment.astimezone(reader_zone(zone))
        if local.hour >= MORNING:
            queued += _queue_of_zone(at_work & Q(time_zone=zone), local.date())
    return queued


def _queue_of_zone(colleagues: Q, day: date) -> int:
    wanting = colleagues & (Q(digest_sent_on=None) | Q(digest_sent_on__lt=day))
    with transaction.atomic():
        locked = User.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        keys = list(locked.filter(wanting).values_list("pk", flat=True))
        # With the jobs in one transaction: a crash neither loses a digest nor sends it twice.
        User.objects.filter(pk__in=keys).update(digest_sent_on=day)
        for key in keys:
            enqueue(DIGEST_JOB, user_id=str(key), day=f"{day}")
    return len(keys)
