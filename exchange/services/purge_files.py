from django.db.models import Exists, OuterRef

from exchange.models.data_export import Export
from exchange.models.data_import import Import
from exchange.models.import_rows import ImportChange, ImportRow
from exchange.models.stored_file import StoredFile
from shared.clock import database_now
from shared.database.purging import delete_in_batches

_BATCH = 10_000


def purge_files() -> int:
    """Forget expired exports, and of expired imports the file, the rows and the way back; their line in the list
    stays. Return how many files went."""
    now = database_now()
    delete_in_batches(Export.objects.filter(expires_at__lt=now))
    for pk in Import.objects.filter(expires_at__lt=now).values_list("pk", flat=True):
        delete_in_batches(ImportRow.objects.filter(data_import=pk), batch_size=_BATCH)
        delete_in_batches(ImportChange.objects.filter(data_import=pk), batch_size=_BATCH)
        Import.objects.filter(pk=pk).update(file=None, samples=[], doubts=[], notes=[], expires_at=None)
    used = [Exists(model._default_manager.filter(file=OuterRef("pk"))) for model in (Export, Import)]
    return delete_in_batches(StoredFile.objects.filter(~used[0] & ~used[1]), batch_size=20)
