"""Rows on their way into a statement's json_to_recordset."""

import json

rows_as_json = json.JSONEncoder(default=str).encode  # ids and amounts are text in it
