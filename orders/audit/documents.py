# ruff: noqa: S608 - every part of these statements is a constant of ours
"""Stock documents against the ledger."""

from orders.audit.check import Check

_IS_DONE = """(document.status = 'applied' OR document.status = 'applying'
               AND (line.movement_id IS NOT NULL OR line.expected IS NOT NULL))"""
# Each line beside the ledger rows that it names, and what those should be: kind and quantity, none where nothing moved.
# Of a document that is being applied: as far as it is.
_LINES = f"""
    SELECT line.id AS line_id, document.id AS document_id, document.kind, document.status, document.applied_at,
           line.variant_id, document.location_id, document.target_id, line.movement_id, line.arrival_id,
           CASE WHEN {_IS_DONE} THEN CASE document.kind
               WHEN 'receipt' THEN line.quantity
               WHEN 'transfer' THEN -line.quantity
               ELSE nullif(line.quantity - line.expected, 0)
           END END AS leaving,
           CASE WHEN {_IS_DONE} AND document.kind = 'transfer' THEN line.quantity END AS arriving,
           CASE document.kind WHEN 'receipt' THEN 'receive' WHEN 'transfer' THEN 'transfer' ELSE 'count' END AS moved_as
    FROM inventory_stock_document_line AS line
    JOIN inventory_stock_document AS document ON document.id = line.document_id
"""
# By variant and location rather than by level: a line names those, and its level may be made when it is applied.
_MOVED = """
    SELECT movement.id, movement.kind, movement.quantity, level.variant_id, level.location_id
    FROM inventory_stock_movement AS movement JOIN inventory_stock_level AS level ON level.id = movement.level_id
"""

CHECKS = (
    Check(
        "document_lines_are_in_the_ledger",
        "Each applied line of a document names the ledger rows it made, and no other line names any.",
        f"""
        SELECT line_id, document_id, line.kind, line.status, line.movement_id, line.arrival_id, leaving, arriving,
               moved.quantity AS moved_quantity, arrived.quantity AS arrived_quantity
        FROM ({_LINES}) AS line
        LEFT JOIN ({_MOVED}) AS moved ON moved.id = line.movement_id
        LEFT JOIN ({_MOVED}) AS arrived ON arrived.id = line.arrival_id
        WHERE (moved.quantity, arrived.quantity) IS DISTINCT FROM (leaving, arriving)
              OR (moved.id IS NOT NULL AND (moved.kind, moved.variant_id, moved.location_id)
                                           IS DISTINCT FROM (moved_as, line.variant_id, line.location_id))
              OR (arrived.id IS NOT NULL AND (arrived.kind, arrived.variant_id, arrived.location_id)
                                             IS DISTINCT FROM (moved_as, line.variant_id, line.target_id))
        """,
    ),
    Check(
        "transfers_and_counts_have_documents",
        "Goods are carried and counted by documents alone.",
        """
        SELECT movement.id AS movement_id, movement.level_id, movement.kind, movement.quantity
        FROM inventory_stock_movement AS movement
        WHERE kind IN ('transfer', 'count') AND NOT EXISTS (
            SELECT FROM inventory_stock_document_line AS line WHERE movement.id IN (line.movement_id, line.arrival_id)
        )
        """,
    ),
)
