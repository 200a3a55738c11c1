"""What imports and exports keep of a person, and how that goes when the person is erased."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Lower

from exchange.models.data_export import Export, ExportStatus
from exchange.models.data_import import Import
from exchange.models.import_rows import ImportChange, ImportRow
from exchange.models.stored_file import StoredFile
from shared.planner.folding import Fold, term_of
from shared.planner.lookups import one_of
from shared.privacy.erasure import ERASED_NAME, Person


def erase_from_files(person: Person) -> None:
    """The person's rows and their way back go; so does every file that they came in, with the other rows it has, and
    every export that is over, whoever is in it: it can be made again, and nobody can say who is in a workbook."""
    ids = [UUID(key) for key in person.records]
    rows, changes = _rows_about(person), ImportChange.objects.filter(one_of("object_id", ids))
    imports = {*rows.values_list("data_import_id", flat=True), *changes.values_list("data_import_id", flat=True)}
    imports |= set(_imports_that_show(person).values_list("pk", flat=True))
    rows.delete()
    changes.delete()
    touched = Import.objects.filter(pk__in=imports)
    exports = Export.objects.exclude(status__in=(ExportStatus.WAITING, ExportStatus.RUNNING))
    files = [*touched.values_list("file_id", flat=True), *exports.values_list("file_id", flat=True)]
    # A file without a row of headings has people for headings.
    told = {"headers": [], "samples": [], "doubts": [], "notes": [], "mapping": {}, "message": ""}
    touched.update(file=None, file_name=ERASED_NAME, **told)
    exports.delete()
    StoredFile.objects.filter(pk__in=[file for file in files if file]).delete()


def _imports_that_show(person: Person) -> QuerySet[Import]:
    """What is shown of a file before its rows are read."""
    found = Q(pk__in=[])
    for email in person.emails:
        found |= Q(samples__icontains=email) | Q(doubts__icontains=email) | Q(headers__icontains=email)
    return Import.objects.filter(found)


def _rows_about(person: Person) -> QuerySet[ImportRow]:
    """A record made from a row has the row's id. An address that several customers have needs the name beside it."""
    rows = ImportRow.objects.annotate(
        lower_key=Lower("key"),
        lower_email=Lower(KeyTextTransform("email", "values")),
        folded_name=Fold(KeyTextTransform("name", "values")),
    )
    is_person = Q(pk=person.customer_id) | Q(object_id=person.customer_id)
    own, shared = (
        Q(lower_key__in=some) | Q(lower_email__in=some) for some in (person.own_emails, person.shared_emails)
    )
    return rows.filter(is_person | own | (shared & Q(folded_name=term_of(person.name, Fold))))
