import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import shared.clock
import shared.ids
import shared.planner.folding
import shared.text.phone
import users.models.user


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('shared', '0001_fold_of_names'),
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='CustomerGroup',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('description', models.CharField(blank=True, max_length=200, verbose_name='description')),
            ],
            options={
                'verbose_name': 'customer group',
                'verbose_name_plural': 'customer groups',
                'db_table': 'users_customer_group',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='customer_group_name_unique')],
            },
        ),
        migrations.CreateModel(
            name='CustomField',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('model', models.CharField(choices=[('customer', 'Customer'), ('company', 'Company'), ('lead', 'Lead'), ('deal', 'Deal')], help_text='Which records have it.', max_length=8, verbose_name='model')),
                ('key', models.CharField(help_text='Its name in the API and in imports. Cannot be changed later.', max_length=40, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_]*$', 'Lower-case letters, digits and _; a letter first.')], verbose_name='key')),
                ('label', models.CharField(help_text='Its name on pages.', max_length=80, verbose_name='label')),
                ('kind', models.CharField(choices=[('text', 'Text'), ('number', 'Number'), ('date', 'Date'), ('boolean', 'Yes or no'), ('choice', 'One of a list')], default='text', max_length=7, verbose_name='kind')),
                ('choices', models.JSONField(blank=True, default=list, help_text='For "one of a list": the texts to choose from.', verbose_name='choices')),
                ('is_required', models.BooleanField(default=False, verbose_name='is required')),
                ('help_text', models.CharField(blank=True, max_length=200, verbose_name='help text')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Place among the fields, lowest first.', verbose_name='position')),
            ],
            options={
                'verbose_name': 'custom field',
                'verbose_name_plural': 'custom fields',
                'db_table': 'users_custom_field',
                'ordering': ['model', 'position', 'key'],
                'constraints': [models.UniqueConstraint(fields=('model', 'key'), name='custom_field_key_unique'), models.CheckConstraint(condition=models.Q(('model__in', ['customer', 'company', 'lead', 'deal'])), name='custom_field_model_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['text', 'number', 'date', 'boolean', 'choice'])), name='custom_field_kind_known'), models.CheckConstraint(condition=models.Q(('key__regex', '^[a-z][a-z0-9_]*$')), name='custom_field_key_format')],
            },
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('group', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='role', to='auth.group', verbose_name='role')),
                ('key', models.CharField(editable=False, help_text='Of the roles that Kontor brings.', max_length=20, null=True, unique=True, verbose_name='key')),
                ('sees', models.CharField(choices=[('own', 'Their own'), ('team', "Their team's"), ('all', 'All')], default='all', help_text="Whose customers, companies, leads, deals and tasks they see. What has no owner is everybody's.", max_length=4, verbose_name='sees')),
                ('changes', models.CharField(choices=[('own', 'Their own'), ('team', "Their team's"), ('all', 'All')], default='all', help_text='Whose they change, among those that they see.', max_length=4, verbose_name='changes')),
                ('only_own_sellers', models.BooleanField(default=False, help_text='Orders, items and stock of the sellers they work for alone; of none, where they work for none.', verbose_name='only own sellers')),
                ('offered', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), default=list, editable=False, help_text='Permissions that Kontor has given the group once; what was taken from it since stays taken.', size=None, verbose_name='offered')),
            ],
            options={
                'verbose_name': 'role',
                'verbose_name_plural': 'roles',
                'db_table': 'users_role',
                'permissions': [('merge_customers', 'Can merge duplicate customers'), ('export_person', "Can export a person's data"), ('erase_customers', "Can erase a person's data"), ('import_records', 'Can import records from files'), ('export_records', 'Can export lists to files')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sees__in', ['own', 'team', 'all'])), name='role_sees_known'), models.CheckConstraint(condition=models.Q(('changes__in', ['own', 'team', 'all'])), name='role_changes_known')],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
            ],
            options={
                'verbose_name': 'tag',
                'verbose_name_plural': 'tags',
                'db_table': 'users_tag',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='tag_name_unique')],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
            ],
            options={
                'verbose_name': 'team',
                'verbose_name_plural': 'teams',
                'db_table': 'users_team',
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='team_name_unique')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('email', models.EmailField(help_text='Used to sign in; kept in lower case.', max_length=254, unique=True, verbose_name='e-mail')),
                ('team', models.ForeignKey(blank=True, help_text='For shared records.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='members', to='users.team', verbose_name='team')),
                ('wants_digest', models.BooleanField(db_default=True, default=True, help_text="An e-mail each morning with the day's tasks.", verbose_name='daily digest')),
                ('digest_sent_on', models.DateField(default=shared.clock.utc_today, editable=False, help_text='The day (UTC) of the last digest; at first the day the login was made: the first comes the next.', null=True, verbose_name='digest sent on')),
                ('language', models.CharField(choices=[('en', 'English'), ('uk', 'Українська')], db_default='en', default='en', help_text='Of reminders and the daily digest; follows the language chosen in the admin.', max_length=2, verbose_name='language')),
                ('calendar_token_hash', models.CharField(db_column='calendar_token', editable=False, help_text="SHA-256 of the secret in the address of the tasks' calendar.", max_length=64, null=True, unique=True, verbose_name="calendar token's hash")),
                ('token_generation', models.IntegerField(db_default=0, default=0, editable=False, help_text='Tokens of the API are good while this number is the one that they were made with.', verbose_name='generation of tokens')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'db_table': 'users_user',
                'ordering': ['email'],
                'indexes': [models.Index(condition=models.Q(('is_staff', True)), fields=['email'], name='user_staff'), models.Index(condition=models.Q(('is_superuser', True)), fields=['email'], name='user_superusers'), models.Index(condition=models.Q(('is_active', False)), fields=['email'], name='user_inactive')],
                'constraints': [models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_is_lower_case'), models.CheckConstraint(condition=models.Q(('language__in', ['en', 'uk'])), name='user_language_known')],
            },
            managers=[
                ('objects', users.models.user.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name', models.CharField(help_text='Which machine or integration uses it.', max_length=100, verbose_name='name')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('prefix', models.CharField(editable=False, help_text="The key's beginning, to recognise it by.", max_length=16, verbose_name='prefix')),
                ('secret_hash', models.CharField(editable=False, max_length=64, unique=True, verbose_name='secret hash')),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('orders:read', 'Read orders'), ('orders:write', 'Place, advance and cancel orders'), ('prices:write', 'Agree prices: in drafts, and when drafts and deals are ordered'), ('payments:write', 'Confirm payments'), ('catalog:write', 'Change products, variants and sellers'), ('stock:read', 'Read stock levels'), ('stock:write', 'Receive and adjust stock'), ('customers:read', 'Read customers'), ('customers:write', 'Change customers'), ('users:read', 'Read users'), ('crm:read', 'Read leads, deals, tasks, the timeline, segments and consents'), ('crm:write', 'Change them'), ('privacy:read', 'Read all that is kept about a person'), ('privacy:erase', 'Erase all that is kept about a person')], max_length=40), default=list, size=None, verbose_name='scopes')),
                ('expires_at', models.DateTimeField(blank=True, help_text='Empty: it does not expire (UTC).', null=True, verbose_name='expires at')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked at')),
                ('last_used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last used at')),
            ],
            options={
                'verbose_name': 'API key',
                'verbose_name_plural': 'API keys',
                'db_table': 'users_api_key',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Company',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                ('address', models.TextField(blank=True, max_length=1000, verbose_name='address')),
                ('note', models.TextField(blank=True, max_length=10000, verbose_name='note')),
                ('owner', models.ForeignKey(blank=True, db_index=False, help_text='The colleague who looks after the company.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('custom_fields', models.JSONField(blank=True, db_default={}, default=dict, help_text="Values of the shop's own fields.", verbose_name='custom fields')),
            ],
            options={
                'verbose_name': 'company',
                'verbose_name_plural': 'companies',
                'db_table': 'users_company',
                'ordering': ['name', 'id'],
                'indexes': [models.Index(fields=['name', 'id'], name='company_name'), models.Index(condition=models.Q(('owner__isnull', False)), fields=['owner', 'name'], name='company_owner'), models.Index(django.contrib.postgres.indexes.OpClass(shared.planner.folding.Fold('name'), name='text_pattern_ops'), name='company_name_folded')],
            },
        ),
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='created at')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='updated at')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='phone')),
                ('phone_e164', shared.text.phone.NormalizedPhoneField(blank=True, db_default='', default='', editable=False, help_text='The phone number in international form.', max_length=16, of='phone', verbose_name='phone e164')),
                ('address', models.TextField(blank=True, db_default='', help_text='Where goods and invoices go; orders keep a copy.', max_length=1000, verbose_name='address')),
                ('language', models.CharField(choices=[('en', 'English'), ('uk', 'Українська')], db_default='en', default='en', help_text='Of our e-mails.', max_length=2, verbose_name='language')),
                ('company', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='customers', to='users.company', verbose_name='company')),
                ('user', models.OneToOneField(blank=True, help_text='The login that acts as this customer over the API; empty for a customer that only staff serve.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='customer', to=settings.AUTH_USER_MODEL, verbose_name='login')),
                ('owner', models.ForeignKey(blank=True, db_index=False, help_text='The colleague who looks after the customer.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='owner')),
                ('group', models.ForeignKey(blank=True, db_index=False, help_text='Prices, coupons and payment deadlines may depend on it.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='customers', to='users.customergroup', verbose_name='group')),
                ('country', models.CharField(blank=True, db_default='', default='', help_text='ISO code, e.g. UA: taxes and shipping of orders that name no country of their own.', max_length=2, verbose_name='country')),
                ('custom_fields', models.JSONField(blank=True, db_default={}, default=dict, help_text="Values of the shop's own fields.", verbose_name='custom fields')),
                ('erased_at', models.DateTimeField(blank=True, editable=False, help_text="When the person's data was erased (UTC).", null=True, verbose_name='erased at')),
                ('deleted_at', models.DateTimeField(blank=True, editable=False, help_text='Hidden since then; it can be restored.', null=True, verbose_name='deleted at')),
                ('tags', models.ManyToManyField(blank=True, db_table='users_customer_tag', related_name='customers', to='users.tag', verbose_name='tags')),
            ],
            options={
                'verbose_name': 'customer',
                'verbose_name_plural': 'customers',
                'db_table': 'users_customer',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['company', '-id'], name='customer_company'), models.Index(condition=models.Q(('owner__isnull', False)), fields=['owner', '-id'], name='customer_owner'), models.Index(condition=models.Q(('group__isnull', False)), fields=['group', '-id'], name='customer_of_group'), models.Index(condition=models.Q(('deleted_at__isnull', False)), fields=['-deleted_at', '-id'], name='customer_deleted'), models.Index(condition=models.Q(('phone_e164', ''), _negated=True), fields=['phone_e164'], name='customer_phone_e164'), models.Index(django.contrib.postgres.indexes.OpClass(shared.planner.folding.Fold('name'), name='text_pattern_ops'), name='customer_name_folded'), models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Lower('email'), name='text_pattern_ops'), name='customer_email_prefix'), models.Index(fields=['phone'], name='customer_phone_prefix', opclasses=['varchar_pattern_ops'])],
                'constraints': [models.CheckConstraint(condition=models.Q(('language__in', ['en', 'uk'])), name='customer_language_known'), models.CheckConstraint(condition=models.Q(('country__regex', '^([A-Z]{2})?$')), name='customer_country_code')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('customer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='users.customer', verbose_name='customer')),
                ('purpose', models.CharField(choices=[('marketing_email', 'Marketing by e-mail'), ('marketing_phone', 'Marketing by phone'), ('profiling', 'Profiling')], max_length=16, verbose_name='purpose')),
                ('is_given', models.BooleanField(help_text='Given, or withdrawn.', verbose_name='given')),
                ('source', models.CharField(help_text='How we know, e.g. “web form” or “call on 3 May”.', max_length=120, verbose_name='source')),
                ('recorded_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name='recorded at')),
                ('recorded_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'db_table': 'users_consent',
                'ordering': ['-recorded_at', '-id'],
                'indexes': [models.Index(fields=['customer', 'purpose', '-recorded_at', '-id'], name='consent_customer_purpose')],
                'constraints': [models.CheckConstraint(condition=models.Q(('purpose__in', ['marketing_email', 'marketing_phone', 'profiling'])), name='consent_purpose_known'), models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='consent_says_its_source')],
            },
        ),
        migrations.CreateModel(
            name='KnownPlace',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('key', models.CharField(editable=False, help_text='`address …`, or `browser …` and a hash.', max_length=100)),
                ('last_used_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False)),
            ],
            options={
                'verbose_name': 'known place',
                'verbose_name_plural': 'known places',
                'db_table': 'users_known_place',
                'indexes': [models.Index(fields=['last_used_at'], name='known_place_last_used')],
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='known_place_of_a_user')],
            },
        ),
        migrations.CreateModel(
            name='RefreshFamily',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('good_token', models.UUIDField(editable=False, help_text='Id (`jti`) of the refresh token that is not used yet.')),
                ('expires_at', models.DateTimeField(editable=False)),
            ],
            options={
                'verbose_name': 'refresh token family',
                'verbose_name_plural': 'refresh token families',
                'db_table': 'users_refresh_family',
                'indexes': [models.Index(fields=['expires_at'], name='refresh_family_expiry')],
            },
        ),
        migrations.CreateModel(
            name='SignInFailures',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('account', models.CharField(editable=False, help_text='The e-mail address, whether it exists or not.', max_length=254)),
                ('place', models.CharField(blank=True, editable=False, max_length=100)),
                ('user', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('failures', models.PositiveIntegerField(default=0, editable=False)),
                ('first_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False)),
                ('last_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False)),
                ('locked_until', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'sign-in failures',
                'verbose_name_plural': 'sign-in failures',
                'db_table': 'users_sign_in_failures',
                'indexes': [models.Index(fields=['last_at'], name='sign_in_failures_last')],
                'constraints': [models.UniqueConstraint(fields=('account', 'place'), name='failures_of_an_account_at_a_place')],
            },
        ),
        migrations.CreateModel(
            name='StaffSession',
            fields=[
                ('id', models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name='id')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('session_key', models.CharField(editable=False, max_length=40, unique=True)),
                ('address', models.GenericIPAddressField(editable=False, null=True)),
                ('browser', models.CharField(blank=True, editable=False, max_length=300)),
                ('created_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False)),
                ('last_seen_at', models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False)),
            ],
            options={
                'verbose_name': 'staff session',
                'verbose_name_plural': 'staff sessions',
                'db_table': 'users_staff_session',
                'ordering': ['-last_seen_at', '-id'],
                'indexes': [models.Index(fields=['user', '-last_seen_at'], name='staff_session_user')],
            },
        ),
    ]
