import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from shared.database.names_only import NamesOnly

import catalog.models.variant
import shared.ids
import shared.money.amounts
import shared.text.phone


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0009_merges_and_duplicates"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="activity",
            options={
                "ordering": ["-happened_at", "-id"],
                "verbose_name": "activity",
                "verbose_name_plural": "activities",
            },
        ),
        migrations.AlterModelOptions(
            name="customermerge",
            options={"ordering": ["-id"], "verbose_name": "merge", "verbose_name_plural": "merges"},
        ),
        migrations.AlterModelOptions(
            name="deal",
            options={"ordering": ["-created_at", "-id"], "verbose_name": "deal", "verbose_name_plural": "deals"},
        ),
        migrations.AlterModelOptions(
            name="dealline",
            options={"ordering": ["deal", "id"], "verbose_name": "deal line", "verbose_name_plural": "deal lines"},
        ),
        migrations.AlterModelOptions(
            name="dealstagechange",
            options={
                "ordering": ["deal", "entered_at", "id"],
                "verbose_name": "deal stage change",
                "verbose_name_plural": "deal stage changes",
            },
        ),
        migrations.AlterModelOptions(
            name="duplicatepair",
            options={"ordering": ["-score", "-id"], "verbose_name": "duplicate", "verbose_name_plural": "duplicates"},
        ),
        migrations.AlterModelOptions(
            name="emailtemplate",
            options={
                "ordering": ["name", "language"],
                "verbose_name": "email template",
                "verbose_name_plural": "email templates",
            },
        ),
        migrations.AlterModelOptions(
            name="lead",
            options={"ordering": ["-created_at", "-id"], "verbose_name": "lead", "verbose_name_plural": "leads"},
        ),
        migrations.AlterModelOptions(
            name="mergedrow",
            options={"verbose_name": "merged row", "verbose_name_plural": "merged rows"},
        ),
        migrations.AlterModelOptions(
            name="pipeline",
            options={"ordering": ["name"], "verbose_name": "pipeline", "verbose_name_plural": "pipelines"},
        ),
        migrations.AlterModelOptions(
            name="savedview",
            options={
                "ordering": ["page", "name", "id"],
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
            },
        ),
        migrations.AlterModelOptions(
            name="segment",
            options={"ordering": ["name"], "verbose_name": "segment", "verbose_name_plural": "segments"},
        ),
        migrations.AlterModelOptions(
            name="segmentmember",
            options={"verbose_name": "segment member", "verbose_name_plural": "segment members"},
        ),
        migrations.AlterModelOptions(
            name="stage",
            options={
                "ordering": ["pipeline", "position", "id"],
                "verbose_name": "stage",
                "verbose_name_plural": "stages",
            },
        ),
        migrations.AlterModelOptions(
            name="task",
            options={"ordering": ["due_at", "id"], "verbose_name": "task", "verbose_name_plural": "tasks"},
        ),
        migrations.AlterField(
            model_name="activity",
            name="author",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Who wrote or did it; empty: the system.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        migrations.AlterField(
            model_name="activity",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="users.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AlterField(
            model_name="activity",
            name="deal",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="crm.deal",
                verbose_name="deal",
            ),
        ),
        migrations.AlterField(
            model_name="activity",
            name="happened_at",
            field=models.DateTimeField(
                db_default=django.contrib.postgres.functions.TransactionNow(),
                help_text="When it happened (UTC).",
                verbose_name="happened at",
            ),
        ),
        migrations.AlterField(
            model_name="activity",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="activity",
            name="kind",
            field=models.CharField(
                choices=[
                    ("note", "Note"),
                    ("call", "Call"),
                    ("meeting", "Meeting"),
                    ("email", "E-mail"),
                    ("change", "Change"),
                ],
                default="note",
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="activity",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="crm.lead",
                verbose_name="lead",
            ),
        ),
        migrations.AlterField(
            model_name="activity",
            name="subject",
            field=models.CharField(blank=True, db_default="", max_length=200, verbose_name="subject"),
        ),
        migrations.AlterField(
            model_name="activity",
            name="text",
            field=models.TextField(blank=True, max_length=10000, verbose_name="text"),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="forgotten_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="forgotten at"),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="kept",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="users.customer",
                verbose_name="kept",
            ),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="merged_at",
            field=models.DateTimeField(
                db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name="merged at"
            ),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="merged_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="merged by",
            ),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="moved",
            field=models.JSONField(
                default=dict, editable=False, help_text="How many rows moved, by model.", verbose_name="moved"
            ),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="undone_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="undone at"),
        ),
        migrations.AlterField(
            model_name="customermerge",
            name="undone_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="undone by",
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="closed_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When it was won or lost (UTC).",
                null=True,
                verbose_name="closed at",
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name="created at"
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="currency",
            field=shared.money.amounts.CurrencyField(
                default=catalog.models.variant.default_currency,
                help_text="ISO 4217 code.",
                max_length=3,
                verbose_name="currency",
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="custom_fields",
            field=models.JSONField(
                blank=True,
                db_default={},
                default=dict,
                help_text="Values of the shop's own fields.",
                verbose_name="custom fields",
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="users.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="expected_close",
            field=models.DateField(
                blank=True, help_text="When it should be decided.", null=True, verbose_name="expected close"
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="lost_reason",
            field=models.CharField(
                blank=True,
                help_text="Needed when it is lost; empty otherwise.",
                max_length=200,
                verbose_name="lost reason",
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="order",
            field=models.OneToOneField(
                blank=True,
                help_text="The order it became, if it did.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="orders.order",
                verbose_name="order",
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The colleague who works on it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="pipeline",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="crm.pipeline",
                verbose_name="pipeline",
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="probability",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Chance in per cent that it is won; empty: the stage's.",
                null=True,
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="probability",
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="stage",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="crm.stage",
                verbose_name="stage",
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="status",
            field=models.CharField(
                choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                default="open",
                editable=False,
                help_text="The stage's kind.",
                max_length=4,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="title",
            field=models.CharField(
                help_text="What it is about, e.g. “40 office chairs”.", max_length=200, verbose_name="title"
            ),
        ),
        migrations.AlterField(
            model_name="deal",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="updated at"),
        ),
        migrations.AlterField(
            model_name="deal",
            name="value",
            field=shared.money.amounts.MoneyField(
                decimal_places=3,
                default=0,
                help_text="What it is worth, in the currency beside it.",
                max_digits=24,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="value",
            ),
        ),
        migrations.AlterField(
            model_name="dealline",
            name="deal",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="lines",
                to="crm.deal",
                verbose_name="deal",
            ),
        ),
        migrations.AlterField(
            model_name="dealline",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="dealline",
            name="quantity",
            field=models.PositiveIntegerField(
                default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name="quantity"
            ),
        ),
        migrations.AlterField(
            model_name="dealline",
            name="unit_price",
            field=shared.money.amounts.MoneyField(
                decimal_places=3,
                default=0,
                max_digits=15,
                validators=[django.core.validators.MinValueValidator(0)],
                verbose_name="unit price",
            ),
        ),
        migrations.AlterField(
            model_name="dealline",
            name="variant",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.variant",
                verbose_name="variant",
            ),
        ),
        migrations.AlterField(
            model_name="dealstagechange",
            name="actor",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="actor",
            ),
        ),
        migrations.AlterField(
            model_name="dealstagechange",
            name="deal",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="stage_changes",
                to="crm.deal",
                verbose_name="deal",
            ),
        ),
        migrations.AlterField(
            model_name="dealstagechange",
            name="entered_at",
            field=models.DateTimeField(editable=False, verbose_name="entered at"),
        ),
        migrations.AlterField(
            model_name="dealstagechange",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="dealstagechange",
            name="left_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="left at"),
        ),
        migrations.AlterField(
            model_name="dealstagechange",
            name="stage",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.stage", verbose_name="stage"
            ),
        ),
        migrations.AlterField(
            model_name="duplicatepair",
            name="dismissed_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="dismissed at"),
        ),
        migrations.AlterField(
            model_name="duplicatepair",
            name="dismissed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="dismissed by",
            ),
        ),
        migrations.AlterField(
            model_name="duplicatepair",
            name="first",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="users.customer",
                verbose_name="first",
            ),
        ),
        migrations.AlterField(
            model_name="duplicatepair",
            name="found_at",
            field=models.DateTimeField(
                db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name="found at"
            ),
        ),
        migrations.AlterField(
            model_name="duplicatepair",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="duplicatepair",
            name="score",
            field=models.PositiveSmallIntegerField(
                help_text="How likely they are the same, in per cent.", verbose_name="score"
            ),
        ),
        migrations.AlterField(
            model_name="duplicatepair",
            name="second",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="users.customer",
                verbose_name="second",
            ),
        ),
        migrations.AlterField(
            model_name="duplicatepair",
            name="state",
            field=models.CharField(
                choices=[("open", "To decide"), ("dismissed", "Not the same")],
                default="open",
                max_length=9,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="email",
            name="activity",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="crm.activity",
                verbose_name="activity",
            ),
        ),
        migrations.AlterField(
            model_name="email",
            name="author",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        migrations.AlterField(
            model_name="email",
            name="body",
            field=models.TextField(max_length=20000, verbose_name="body"),
        ),
        migrations.AlterField(
            model_name="email",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name="created at"
            ),
        ),
        migrations.AlterField(
            model_name="email",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="users.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AlterField(
            model_name="email",
            name="error",
            field=models.CharField(
                blank=True, help_text="Why it could not be sent.", max_length=500, verbose_name="error"
            ),
        ),
        migrations.AlterField(
            model_name="email",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="email",
            name="sent_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="sent at"),
        ),
        migrations.AlterField(
            model_name="email",
            name="status",
            field=models.CharField(
                choices=[("queued", "Queued"), ("sent", "Sent"), ("failed", "Failed")],
                default="queued",
                max_length=6,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="email",
            name="subject",
            field=models.CharField(max_length=200, verbose_name="subject"),
        ),
        migrations.AlterField(
            model_name="email",
            name="template",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="crm.emailtemplate",
                verbose_name="template",
            ),
        ),
        migrations.AlterField(
            model_name="email",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="updated at"),
        ),
        migrations.AlterField(
            model_name="emailtemplate",
            name="body",
            field=models.TextField(max_length=20000, verbose_name="body"),
        ),
        migrations.AlterField(
            model_name="emailtemplate",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name="created at"
            ),
        ),
        migrations.AlterField(
            model_name="emailtemplate",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="emailtemplate",
            name="language",
            field=models.CharField(
                choices=[("en", "English"), ("uk", "Українська")], default="en", max_length=2, verbose_name="language"
            ),
        ),
        migrations.AlterField(
            model_name="emailtemplate",
            name="name",
            field=models.CharField(max_length=120, verbose_name="name"),
        ),
        migrations.AlterField(
            model_name="emailtemplate",
            name="subject",
            field=models.CharField(max_length=200, verbose_name="subject"),
        ),
        migrations.AlterField(
            model_name="emailtemplate",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="updated at"),
        ),
        migrations.AlterField(
            model_name="lead",
            name="company_name",
            field=models.CharField(
                blank=True,
                help_text="Becomes the customer's company when the lead is converted.",
                max_length=200,
                verbose_name="company name",
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name="created at"
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="custom_fields",
            field=models.JSONField(
                blank=True,
                db_default={},
                default=dict,
                help_text="Values of the shop's own fields.",
                verbose_name="custom fields",
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="users.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="name",
            field=models.CharField(help_text="The person to talk to.", max_length=200, verbose_name="name"),
        ),
        migrations.AlterField(
            model_name="lead",
            name="note",
            field=models.TextField(blank=True, max_length=10000, verbose_name="note"),
        ),
        migrations.AlterField(
            model_name="lead",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The colleague who follows it up.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="phone",
            field=models.CharField(blank=True, max_length=40, verbose_name="phone"),
        ),
        migrations.AlterField(
            model_name="lead",
            name="phone_e164",
            field=shared.text.phone.NormalizedPhoneField(
                blank=True,
                db_default="",
                default="",
                editable=False,
                help_text="The phone number in international form.",
                max_length=16,
                of="phone",
                verbose_name="phone (international)",
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="source",
            field=models.CharField(
                choices=[
                    ("website", "Website"),
                    ("referral", "Referral"),
                    ("event", "Event"),
                    ("phone", "Phone"),
                    ("email", "E-mail"),
                    ("other", "Other"),
                ],
                default="other",
                max_length=10,
                verbose_name="source",
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="status",
            field=models.CharField(
                choices=[("new", "New"), ("working", "Working"), ("converted", "Converted"), ("lost", "Lost")],
                default="new",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="lead",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="updated at"),
        ),
        migrations.AlterField(
            model_name="mergedrow",
            name="column_name",
            field=models.CharField(blank=True, max_length=63, verbose_name="column name"),
        ),
        migrations.AlterField(
            model_name="mergedrow",
            name="id",
            field=models.BigAutoField(primary_key=True, serialize=False, verbose_name="id"),
        ),
        migrations.AlterField(
            model_name="mergedrow",
            name="kind",
            field=models.CharField(
                choices=[("moved", "Moved"), ("changed", "Changed"), ("dropped", "Dropped")],
                max_length=7,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="mergedrow",
            name="merge",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rows",
                to="crm.customermerge",
                verbose_name="merge",
            ),
        ),
        migrations.AlterField(
            model_name="mergedrow",
            name="new_value",
            field=models.JSONField(null=True, verbose_name="new value"),
        ),
        migrations.AlterField(
            model_name="mergedrow",
            name="old_value",
            field=models.JSONField(null=True, verbose_name="old value"),
        ),
        migrations.AlterField(
            model_name="mergedrow",
            name="row_id",
            field=models.CharField(max_length=40, verbose_name="row id"),
        ),
        migrations.AlterField(
            model_name="mergedrow",
            name="table_name",
            field=models.CharField(max_length=63, verbose_name="table name"),
        ),
        migrations.AlterField(
            model_name="mergedrow",
            name="whole_row",
            field=models.JSONField(null=True, verbose_name="whole row"),
        ),
        migrations.AlterField(
            model_name="pipeline",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name="created at"
            ),
        ),
        migrations.AlterField(
            model_name="pipeline",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="pipeline",
            name="is_default",
            field=models.BooleanField(
                default=False, help_text="New deals start here unless they name another.", verbose_name="is default"
            ),
        ),
        migrations.AlterField(
            model_name="pipeline",
            name="name",
            field=models.CharField(max_length=120, unique=True, verbose_name="name"),
        ),
        migrations.AlterField(
            model_name="pipeline",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="updated at"),
        ),
        migrations.AlterField(
            model_name="savedview",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name="created at"
            ),
        ),
        migrations.AlterField(
            model_name="savedview",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="savedview",
            name="is_shared",
            field=models.BooleanField(
                default=False, help_text="Everybody who may see the list sees this view.", verbose_name="is shared"
            ),
        ),
        migrations.AlterField(
            model_name="savedview",
            name="name",
            field=models.CharField(max_length=80, verbose_name="name"),
        ),
        migrations.AlterField(
            model_name="savedview",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AlterField(
            model_name="savedview",
            name="page",
            field=models.CharField(max_length=80, verbose_name="page"),
        ),
        migrations.AlterField(
            model_name="savedview",
            name="query",
            field=models.CharField(blank=True, max_length=2000, verbose_name="query"),
        ),
        migrations.AlterField(
            model_name="savedview",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="updated at"),
        ),
        migrations.AlterField(
            model_name="segment",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name="created at"
            ),
        ),
        migrations.AlterField(
            model_name="segment",
            name="description",
            field=models.CharField(blank=True, max_length=300, verbose_name="description"),
        ),
        migrations.AlterField(
            model_name="segment",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="segment",
            name="member_count",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="member count"),
        ),
        migrations.AlterField(
            model_name="segment",
            name="name",
            field=models.CharField(max_length=120, verbose_name="name"),
        ),
        migrations.AlterField(
            model_name="segment",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AlterField(
            model_name="segment",
            name="refreshed_at",
            field=models.DateTimeField(
                editable=False, help_text="As of when the members are (UTC).", null=True, verbose_name="refreshed at"
            ),
        ),
        migrations.AlterField(
            model_name="segment",
            name="rule",
            field=models.JSONField(default=dict, help_text="Which customers belong to it.", verbose_name="rule"),
        ),
        migrations.AlterField(
            model_name="segment",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="updated at"),
        ),
        migrations.AlterField(
            model_name="segmentmember",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="users.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AlterField(
            model_name="segmentmember",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="segmentmember",
            name="segment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="members",
                to="crm.segment",
                verbose_name="segment",
            ),
        ),
        migrations.AlterField(
            model_name="stage",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="stage",
            name="kind",
            field=models.CharField(
                choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                default="open",
                help_text="What a deal is once it stands here. Fixed after the stage is made: deals rest on it.",
                max_length=4,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="stage",
            name="name",
            field=models.CharField(max_length=80, verbose_name="name"),
        ),
        migrations.AlterField(
            model_name="stage",
            name="pipeline",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="stages",
                to="crm.pipeline",
                verbose_name="pipeline",
            ),
        ),
        migrations.AlterField(
            model_name="stage",
            name="position",
            field=models.PositiveSmallIntegerField(
                help_text="Place in the pipeline, lowest first.", verbose_name="position"
            ),
        ),
        migrations.AlterField(
            model_name="stage",
            name="probability",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Chance in per cent that a deal in this stage is won: 0 to 100.",
                verbose_name="probability",
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="assignee",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Who does it; it shows on that colleague's dashboard.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="assignee",
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="created_at",
            field=models.DateTimeField(
                db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, verbose_name="created at"
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="customer",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="users.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="deal",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tasks",
                to="crm.deal",
                verbose_name="deal",
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="done_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="done at"),
        ),
        migrations.AlterField(
            model_name="task",
            name="due_at",
            field=models.DateTimeField(
                blank=True, help_text="When it should be done (UTC); empty: some day.", null=True, verbose_name="due at"
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="id",
            field=models.UUIDField(
                default=shared.ids.new_id, editable=False, primary_key=True, serialize=False, verbose_name="id"
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="lead",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tasks",
                to="crm.lead",
                verbose_name="lead",
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "High"), (2, "Normal"), (3, "Low")], default=2, verbose_name="priority"
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="reminded_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="reminded at"),
        ),
        migrations.AlterField(
            model_name="task",
            name="reminder_at",
            field=models.DateTimeField(
                blank=True,
                help_text="When to be reminded by e-mail (UTC); empty: not at all.",
                null=True,
                verbose_name="reminder at",
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="repeat",
            field=models.CharField(
                choices=[
                    ("never", "Never"),
                    ("daily", "Every day"),
                    ("weekly", "Every week"),
                    ("monthly", "Every month"),
                ],
                db_default="never",
                default="never",
                help_text="Done, it comes back this much later. Needs a due time.",
                max_length=7,
                verbose_name="repeat",
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="title",
            field=models.CharField(
                help_text="What to do, e.g. “Call back about delivery”.", max_length=200, verbose_name="title"
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="updated_at",
            field=models.DateTimeField(auto_now=True, verbose_name="updated at"),
        ),
    ]
    operations = [NamesOnly(operations)]
