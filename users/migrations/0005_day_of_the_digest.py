from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('users', '0004_indexes_of_owners_and_phones'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='digest_sent_on',
            field=models.DateField(editable=False, help_text='The day (UTC) of the last digest.', null=True),
        ),
    ]
