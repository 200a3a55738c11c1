import django.contrib.postgres.fields
import django.db.models.deletion
import shared.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('users', '0005_day_of_the_digest'),
    ]

    operations = [
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('key', models.CharField(editable=False, help_text='Of the roles that Kontor brings.', max_length=20, null=True, unique=True)),
                ('sees', models.CharField(choices=[('own', 'Their own'), ('team', "Their team's"), ('all', 'All')], default='all', help_text="Whose customers, companies, leads, deals and tasks they see. What has no owner is everybody's.", max_length=4)),
                ('changes', models.CharField(choices=[('own', 'Their own'), ('team', "Their team's"), ('all', 'All')], default='all', help_text='Whose they change, among those that they see.', max_length=4)),
                ('only_own_sellers', models.BooleanField(default=False, help_text='Orders, items and stock of the sellers they work for alone; of none, where they work for none.')),
                ('offered', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=list, editable=False, help_text='Permissions that Kontor has given the group once; what was taken from it since stays taken.', size=None)),
                ('group', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='role', to='auth.group', verbose_name='role')),
            ],
            options={
                'db_table': 'users_role',
                'permissions': [('merge_customers', 'Can merge duplicate customers'), ('erase_customers', "Can export and erase a person's data"), ('import_records', 'Can import records from files'), ('export_records', 'Can export lists to files')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sees__in', ['own', 'team', 'all'])), name='role_sees_known'), models.CheckConstraint(condition=models.Q(('changes__in', ['own', 'team', 'all'])), name='role_changes_known')],
            },
        ),
    ]
