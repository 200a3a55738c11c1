"""Ask for an export; a job writes it."""

from datetime import timedelta

from django.db import transaction

from exchange.exporting.resource import ExportResource
from exchange.languages import asked_in
from exchange.models.data_export import Export
from exchange.running.retention import KEEP_HOURS
from shared.actor import Actor
from shared.background.enqueue import enqueue
from shared.clock import database_now
from users.models.user import User


def request_export(*, resource: ExportResource, query: str, file_format: str, actor: Actor) -> Export:
    """Queue the writing of a list; its rows are chosen when the job runs, with the asker's rights of then."""
    with transaction.atomic():
        export = Export.objects.create(
            kind=resource.name,
            query=query,
            file_format=file_format,
            created_by=User.objects.get(pk=str(actor.user_id)),
            expires_at=database_now() + timedelta(hours=KEEP_HOURS),
        )
        enqueue("exchange.write_export", export_id=str(export.pk), language=asked_in())
    return export
