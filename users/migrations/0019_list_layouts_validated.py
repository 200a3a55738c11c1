from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("users", "0018_list_layouts")]
    operations = [ValidateConstraint(model_name="user", name="user_list_layouts_by_list")]
