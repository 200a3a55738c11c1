"""Take a file in and look at its first rows; the work is a job's (check_import, apply_import, undo_import)."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from exchange.models.data_import import Import, ImportKind
from exchange.reading.table import MAX_FILE_BYTES, Unreadable
from exchange.running.retention import KEEP_DAYS
from exchange.services.look_inside import look_inside
from exchange.storage.stored_files import store_file
from shared.actor import Actor
from shared.clock import database_now
from users.models.user import User


def upload_import(*, kind: ImportKind, name: str, pieces: Iterable[bytes], actor: Actor) -> Import:
    """Keep a file, read its first rows and guess what its columns mean. Raises Unreadable; then nothing is kept."""
    with transaction.atomic():
        file = store_file(name=name, pieces=pieces)
        if file.size > MAX_FILE_BYTES:
            raise Unreadable(_("The file is larger than %(limit)s MB. Split it.") % {"limit": MAX_FILE_BYTES // 2**20})
        data_import = Import(
            kind=kind, file=file, file_name=file.name, created_by=User.objects.get(pk=str(actor.user_id))
        )
        data_import.expires_at = database_now() + timedelta(days=KEEP_DAYS)
        look_inside(data_import, encoding="", delimiter="")
        data_import.save()
    return data_import
