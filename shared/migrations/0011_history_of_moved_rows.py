"""The function behind the triggers of the history looks away from tables that shared/history/unrecorded.py names."""

import importlib

from django.db import migrations

_OLD = importlib.import_module("shared.migrations.0003_history_function").FUNCTION.replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)
_LOOK_AWAY = """BEGIN
    IF TG_TABLE_NAME = ANY (string_to_array(current_setting('kontor.unrecorded', true), ',')) THEN
        RETURN NULL;
    END IF;
"""


class Migration(migrations.Migration):
    dependencies = [("shared", "0010_alert")]

    operations = [migrations.RunSQL(_OLD.replace("BEGIN\n", _LOOK_AWAY, 1), _OLD)]
