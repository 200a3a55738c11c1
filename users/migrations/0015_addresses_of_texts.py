import json
from typing import Any

from django.db import migrations, transaction

from shared.ids import new_id
from shared.values.address_parsing import parse_address

_BATCH = 500
_NEXT = """
SELECT id, address, country FROM users_customer
WHERE address <> '' AND addresses = '[]' AND id > %s ORDER BY id LIMIT %s FOR NO KEY UPDATE
"""
_WRITE = """
UPDATE users_customer AS customer SET addresses = carried.addresses
FROM json_to_recordset(%s::json) AS carried (id uuid, addresses jsonb) WHERE customer.id = carried.id
"""
_FIRST = "00000000-0000-0000-0000-000000000000"


def carry_over(apps: Any, schema_editor: Any) -> None:
    """The text stays where it is. In batches that commit by themselves; after an interruption it goes on with those
    who have no addresses yet."""
    after = _FIRST
    while after:
        with transaction.atomic(using=schema_editor.connection.alias), schema_editor.connection.cursor() as cursor:
            cursor.execute(_NEXT, [after, _BATCH])
            rows = cursor.fetchall()
            after = rows[-1][0] if rows else ""
            carried = [{"id": str(key), "addresses": _both(text, country)} for key, text, country in rows]
            if carried:
                cursor.execute(_WRITE, [json.dumps(carried)])


def _both(text: str, country: str) -> list[dict[str, Any]]:
    """Goods and invoices went to the one text."""
    address = parse_address(text, country=country)
    if not address["lines"] and not address["city"]:
        return []
    kinds = ("delivery", "billing")
    return [{"id": str(new_id()), "kind": kind, "is_default": True, **address} for kind in kinds]


class Migration(migrations.Migration):
    """What was typed as a text becomes the customer's delivery and billing address."""

    atomic = False
    dependencies = [("users", "0014_addresses_validated")]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
