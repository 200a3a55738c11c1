from django.db import migrations, models


class Migration(migrations.Migration):
    """In which time zone the days of the kept sums begin. So far it was UTC; in another one they are added up anew."""

    dependencies = [
        ("orders", "0007_times_in_the_readers_zone"),
    ]

    operations = [
        migrations.AddField(
            model_name="salesrollup",
            name="time_zone",
            field=models.CharField(db_default="UTC", default="UTC", editable=False, max_length=64),
        ),
    ]
