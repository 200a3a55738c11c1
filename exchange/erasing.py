"""What imports and exports keep of a person, and how that goes when the person is erased."""

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Lower

from exchange.models.data_export import Export, ExportStatus
from exchange.models.data_import import Import
from exchange.models.import_rows import ImportChange, ImportRow
from exchange.models.stored_file import StoredFile
from shared.erasure import Person


def erase_from_files(person: Person) -> None:
    """The person's rows and their way back go; so does every file that they came in, with the other rows it has, and
    every finished export, whoever is in it: it can be made again, and nobody can say who is in a workbook."""
    rows, changes = _rows_about(person), ImportChange.objects.filter(object_id=person.customer_id)
    imports = {*rows.values_list("data_import_id", flat=True), *changes.values_list("data_import_id", flat=True)}
    rows.delete()
    changes.delete()
    touched, exports = Import.objects.filter(pk__in=imports), Export.objects.filter(status=ExportStatus.DONE)
    files = [*touched.values_list("file_id", flat=True), *exports.values_list("file_id", flat=True)]
    touched.update(file=None, samples=[], doubts=[], notes=[])
    exports.delete()
    StoredFile.objects.filter(pk__in=[file for file in files if file]).delete()


def _rows_about(person: Person) -> QuerySet[ImportRow]:
    """A record made from a row has the row's id."""
    rows = ImportRow.objects.annotate(lower_key=Lower("key"), lower_email=Lower(KeyTextTransform("email", "values")))
    is_person = Q(pk=person.customer_id) | Q(object_id=person.customer_id)
    return rows.filter(is_person | Q(lower_key__in=person.emails) | Q(lower_email__in=person.emails))
