from django.db import migrations

from crm.mail.default_texts import TEXTS
from shared.ids import new_id

REMINDER = "payment_reminder"


def write_texts(apps, schema_editor):
    """One row of every kind; what staff have written by then stays."""
    template = apps.get_model("crm", "OrderMailTemplate")
    rows = [
        template(id=new_id(), kind=kind, minutes_before=5 if kind == REMINDER else None, **words._asdict())
        for kind, words in TEXTS.items()
    ]
    template.objects.bulk_create(rows, ignore_conflicts=True)
    progress = apps.get_model("crm", "OrderMailProgress")
    progress.objects.bulk_create([progress(id=new_id(), kind=kind) for kind in TEXTS], ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("crm", "0002_deal_stands_in_a_stage_of_its_pipeline")]
    operations = [migrations.RunPython(write_texts, migrations.RunPython.noop)]
