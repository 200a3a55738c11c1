import django.db.models.deletion
import shared.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('users', '0018_names_folded'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='token_generation',
            field=models.IntegerField(db_default=0, default=0, editable=False, help_text='Tokens of the API are good while this number is the one that they were made with.', verbose_name='generation of tokens'),
        ),
        migrations.CreateModel(
            name='RefreshFamily',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('good_token', models.UUIDField(editable=False, help_text='Id (`jti`) of the refresh token that is not used yet.')),
                ('expires_at', models.DateTimeField(editable=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'refresh token family',
                'verbose_name_plural': 'refresh token families',
                'db_table': 'users_refresh_family',
                'indexes': [models.Index(fields=['expires_at'], name='refresh_family_expiry')],
            },
        ),
    ]
