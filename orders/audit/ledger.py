# ruff: noqa: S608 - every part of these statements is a constant of ours
"""Stock levels against their ledger."""

from inventory.models.movement import EFFECTS
from orders.audit.check import Check

# What services count by: a kind that they do not know joins nothing, and is found by ledger_row_is_sane.
_EFFECTS = ", ".join(f"('{kind}', {on_hand}, {reserved})" for kind, (on_hand, reserved) in EFFECTS.items())

# Every ledger row beside what its kind does, and the row before it at the same level.
_STEPS = f"""
    SELECT movement.*, effect.on_hand * movement.quantity AS on_hand_change,
           effect.reserved * movement.quantity AS reserved_change,
           row_number() OVER steps AS place,
           coalesce(lag(on_hand_after) OVER steps, 0) AS on_hand_before,
           coalesce(lag(reserved_after) OVER steps, 0) AS reserved_before
    FROM inventory_stock_movement AS movement
    LEFT JOIN (VALUES {_EFFECTS}) AS effect (kind, on_hand, reserved) ON effect.kind = movement.kind
    WINDOW steps AS (PARTITION BY level_id ORDER BY level_version, movement.id)
"""

_LAST = """
    SELECT DISTINCT ON (level_id) level_id, level_version, on_hand_after, reserved_after
    FROM inventory_stock_movement ORDER BY level_id, level_version DESC
"""

CHECKS = (
    Check(
        "level_equals_last_movement",
        "A stock level's on hand and reserved are those of its last ledger row (0 without any), and its version is that"
        " row's or comes from changes of its threshold since.",
        f"""
        SELECT level.id AS level_id, level.on_hand, level.reserved, level.version,
               last.on_hand_after, last.reserved_after, last.level_version
        FROM inventory_stock_level AS level LEFT JOIN ({_LAST}) AS last ON last.level_id = level.id
        WHERE (level.on_hand, level.reserved) IS DISTINCT FROM (
            coalesce(last.on_hand_after, 0), coalesce(last.reserved_after, 0)
        ) OR level.version - coalesce(last.level_version, 0) NOT BETWEEN 0 AND level.threshold_changes
        """,
    ),
    Check(
        "level_equals_ledger_sum",
        "A stock level is the sum of all its ledger rows, each counted by what its kind does.",
        f"""
        SELECT level.id AS level_id, level.on_hand, level.reserved, ledger.on_hand_sum, ledger.reserved_sum
        FROM inventory_stock_level AS level
        LEFT JOIN (
            SELECT level_id, sum(on_hand_change) AS on_hand_sum, sum(reserved_change) AS reserved_sum
            FROM ({_STEPS}) AS step GROUP BY level_id
        ) AS ledger ON ledger.level_id = level.id
        WHERE (level.on_hand, level.reserved)
              IS DISTINCT FROM (coalesce(ledger.on_hand_sum, 0), coalesce(ledger.reserved_sum, 0))
        """,
    ),
    Check(
        "ledger_versions_gapless",
        "A level's versions are 1, 2, 3 …: each is one ledger row's or one change of its threshold.",
        """
        SELECT level.id AS level_id, level.version, level.threshold_changes, count(movement.id) AS rows
        FROM inventory_stock_level AS level
        LEFT JOIN inventory_stock_movement AS movement ON movement.level_id = level.id
        GROUP BY level.id
        HAVING count(DISTINCT movement.level_version) + level.threshold_changes <> level.version
               OR count(movement.id) <> count(DISTINCT movement.level_version)
               OR min(movement.level_version) < 1 OR max(movement.level_version) > level.version
        """,
    ),
    Check(
        "ledger_balance_follows",
        "Every ledger row's balances are those of the row before it, changed by exactly what the row says.",
        f"""
        SELECT level_id, id AS movement_id, level_version, kind, quantity,
               on_hand_before, on_hand_after, reserved_before, reserved_after, order_item_id AS item_id
        FROM ({_STEPS}) AS step
        WHERE (on_hand_before + on_hand_change, reserved_before + reserved_change)
              IS DISTINCT FROM (on_hand_after, reserved_after)
        """,
    ),
    Check(
        # Every row, since a level that is right by now may have been wrong for a while, and sold what was not there.
        "ledger_never_oversold",
        "At no moment were more units reserved than on hand, not even for a while.",
        """
        SELECT level_id, id AS movement_id, level_version, on_hand_after, reserved_after,
               order_item_id AS item_id
        FROM inventory_stock_movement WHERE NOT (0 <= reserved_after AND reserved_after <= on_hand_after)
        """,
    ),
    Check(
        "level_never_oversold",
        "No more units are reserved than on hand, and neither is below zero.",
        """
        SELECT id AS level_id, on_hand, reserved FROM inventory_stock_level
        WHERE NOT (0 <= reserved AND reserved <= on_hand)
        """,
    ),
    Check(
        "ledger_row_is_sane",
        "Every ledger row has a known kind and a positive quantity; only adjusting, carrying and counting take away.",
        f"""
        SELECT level_id, id AS movement_id, level_version, kind, quantity FROM ({_STEPS}) AS step
        WHERE on_hand_change IS NULL OR quantity = 0
              OR (quantity < 0 AND kind NOT IN ('adjust', 'transfer', 'count'))
        """,
    ),
)
