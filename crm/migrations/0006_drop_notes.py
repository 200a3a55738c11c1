from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("crm", "0005_notes_become_activities")]
    operations = [migrations.DeleteModel(name="Note")]
