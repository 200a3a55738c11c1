"""Jobs on what every app shares; config/jobs.py says when they run."""

from datetime import timedelta

import structlog
from django.conf import settings
from procrastinate import JobContext
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from shared.clock import database_now
from shared.database.purging import delete_in_batches
from shared.files import storage
from shared.models.rate_limit import RateLimitWindow
from shared.models.record_change import RecordChange

log = structlog.get_logger("kontor.jobs")

# A worker that has been silent for so long is taken for dead. Well above the heartbeat of 10 s: closer to it,
# a worker that only waited for the machine had its job run twice.
DEAD_AFTER_SECONDS = 60
MAX_ATTEMPTS = 5  # a job that kills its worker must not go on for ever
KEEP_SUCCEEDED_HOURS = 3 * 24
KEEP_FAILED_HOURS = 30 * 24


async def retry_stalled_jobs(context: JobContext, timestamp: int | None = None) -> int:
    """Queue again the jobs whose worker died with them; return how many were taken care of."""
    manager = context.app.job_manager
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_SECONDS))
    for job in stalled:
        log.warning("job_stalled", job=job.task_name, job_id=job.id, attempts=job.attempts)
        if job.attempts >= MAX_ATTEMPTS:
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
            continue
        try:
            await manager.retry_job(job)
        except UniqueViolation:  # the same job waits in the queue already and will do the same
            await manager.finish_job(job, status=Status.ABORTED, delete_job=False)
    return len(stalled)


async def remove_old_jobs(context: JobContext, timestamp: int | None = None) -> None:
    """Forget finished jobs; failed ones are kept longer, for whoever looks into them."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(nb_hours=KEEP_SUCCEEDED_HOURS)
    await manager.delete_old_jobs(
        nb_hours=KEEP_FAILED_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )


def move_file(name: str) -> bool:
    """Asked for by shared.files.storage."""
    return storage.move_file(name)


def delete_file(name: str) -> None:
    """Asked for by shared.files.storage."""
    storage.delete_file(name)


def purge_record_changes(timestamp: int | None = None) -> int:
    """History older than HISTORY_DAYS (0: none is too old)."""
    if not settings.HISTORY_DAYS:
        return 0
    return delete_in_batches(RecordChange.objects.filter(at__lt=database_now() - timedelta(days=settings.HISTORY_DAYS)))


def purge_rate_limit_windows(timestamp: int | None = None) -> int:
    return delete_in_batches(RateLimitWindow.objects.filter(expires_at__lt=database_now()))
