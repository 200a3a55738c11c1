"""The ledger rows of a document's lines, written into all of them in one statement: bulk_update takes five times as
long for thousands."""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from shared.database.rows_as_json import rows_as_json

_NAME_ROWS = """
UPDATE inventory_stock_document_line AS line
SET expected = done.expected, movement_id = done.movement_id, arrival_id = done.arrival_id
FROM json_to_recordset(%s::json) AS done (line_id uuid, expected int, movement_id uuid, arrival_id uuid)
WHERE line.id = done.line_id
"""


# (line, what the books said, its ledger row, the one where it arrived)
LineNames = tuple[UUID, int | None, UUID | None, UUID | None]


def name_ledger_rows(lines: Iterable[LineNames]) -> None:
    """Write them into the lines. The ledger rows may come later in the transaction."""
    names = ("line_id", "expected", "movement_id", "arrival_id")
    with connection.cursor() as cursor:
        cursor.execute(_NAME_ROWS, [rows_as_json([dict(zip(names, line, strict=True)) for line in lines])])
