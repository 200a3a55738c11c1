"""How long files of imports and exports are kept."""

KEEP_DAYS = 30
KEEP_HOURS = 24
