import django.contrib.postgres.functions
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import catalog.models.variant
import shared.ids
import shared.money.amounts


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("orders", "0002_order_number_sequence"),
        ("users", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Pipeline",
            fields=[
                ("id", models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(max_length=120, unique=True)),
                (
                    "is_default",
                    models.BooleanField(default=False, help_text="New deals start here unless they name another."),
                ),
            ],
            options={
                "db_table": "crm_pipeline",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)), fields=("is_default",), name="one_default_pipeline"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                ("id", models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("position", models.PositiveSmallIntegerField(help_text="Place in the pipeline, lowest first.")),
                (
                    "kind",
                    models.CharField(
                        choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                        default="open",
                        help_text="What a deal is once it stands here. Fixed after the stage is made: deals rest on it.",
                        max_length=4,
                    ),
                ),
                (
                    "probability",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Chance in per cent that a deal in this stage is won: 0 to 100."
                    ),
                ),
                (
                    "pipeline",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="crm.pipeline",
                    ),
                ),
            ],
            options={
                "db_table": "crm_stage",
                "ordering": ["pipeline", "position", "id"],
            },
        ),
        migrations.CreateModel(
            name="Deal",
            fields=[
                ("id", models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("title", models.CharField(help_text="What it is about, e.g. “40 office chairs”.", max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("won", "Won"), ("lost", "Lost")],
                        default="open",
                        editable=False,
                        help_text="The stage's kind.",
                        max_length=4,
                    ),
                ),
                (
                    "value",
                    shared.money.amounts.MoneyField(
                        decimal_places=3,
                        default=0,
                        help_text="What it is worth, in the currency beside it.",
                        max_digits=24,
                        validators=[django.core.validators.MinValueValidator(0)],
                    ),
                ),
                (
                    "currency",
                    shared.money.amounts.CurrencyField(
                        default=catalog.models.variant.default_currency, help_text="ISO 4217 code.", max_length=3
                    ),
                ),
                ("expected_close", models.DateField(blank=True, help_text="When it should be decided.", null=True)),
                (
                    "lost_reason",
                    models.CharField(blank=True, help_text="Needed when it is lost; empty otherwise.", max_length=200),
                ),
                (
                    "closed_at",
                    models.DateTimeField(
                        blank=True, editable=False, help_text="When it was won or lost (UTC).", null=True
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="users.customer",
                    ),
                ),
                (
                    "order",
                    models.OneToOneField(
                        blank=True,
                        help_text="The order it became, if it did.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="orders.order",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The colleague who works on it.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pipeline",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.pipeline"
                    ),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="crm.stage"
                    ),
                ),
            ],
            options={
                "db_table": "crm_deal",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("title", models.CharField(help_text="What to do, e.g. “Call back about delivery”.", max_length=200)),
                (
                    "due_at",
                    models.DateTimeField(
                        blank=True, help_text="When it should be done (UTC); empty: some day.", null=True
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "priority",
                    models.PositiveSmallIntegerField(choices=[(1, "High"), (2, "Normal"), (3, "Low")], default=2),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="Who does it; it shows on that colleague's dashboard.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="users.customer",
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="crm.deal",
                    ),
                ),
            ],
            options={
                "db_table": "crm_task",
                "ordering": ["due_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Lead",
            fields=[
                ("id", models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("name", models.CharField(help_text="The person to talk to.", max_length=200)),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        help_text="Needed before the lead can become a customer.",
                        max_length=254,
                        verbose_name="e-mail",
                    ),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                (
                    "company_name",
                    models.CharField(
                        blank=True,
                        help_text="Becomes the customer's company when the lead is converted.",
                        max_length=200,
                    ),
                ),
                (
                    "source",
                    models.CharField(
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
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("new", "New"), ("working", "Working"), ("converted", "Converted"), ("lost", "Lost")],
                        default="new",
                        max_length=10,
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=10000)),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="users.customer",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        help_text="The colleague who follows it up.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "crm_lead",
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="lead_created"),
                    models.Index(fields=["status", "-created_at", "-id"], name="lead_status_created"),
                    models.Index(fields=["owner", "status", "-created_at"], name="lead_owner_status"),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Lower("name"), name="text_pattern_ops"
                        ),
                        name="lead_name_prefix",
                    ),
                    models.Index(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Lower("email"), name="text_pattern_ops"
                        ),
                        name="lead_email_prefix",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["new", "working", "converted", "lost"])),
                        name="lead_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["website", "referral", "event", "phone", "email", "other"])),
                        name="lead_source_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("customer__isnull", True), ("status", "converted"), _connector="OR"),
                        name="lead_with_customer_is_converted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.UUIDField(default=shared.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("text", models.TextField(max_length=10000)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="users.customer",
                    ),
                ),
            ],
            options={
                "db_table": "crm_note",
                "ordering": ["-created_at", "-id"],
                "indexes": [
                    models.Index(fields=["customer", "-created_at", "-id"], name="note_customer_created"),
                    models.Index(fields=["-created_at", "-id"], name="note_created"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.UniqueConstraint(fields=("pipeline", "name"), name="stage_name_unique_in_pipeline"),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.UniqueConstraint(fields=("id", "pipeline", "kind"), name="stage_identity"),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.CheckConstraint(
                condition=models.Q(("probability__lte", 100)), name="stage_probability_is_per_cent"
            ),
        ),
        migrations.AddConstraint(
            model_name="stage",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["open", "won", "lost"])), name="stage_kind_known"
            ),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["-created_at", "-id"], name="deal_created"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["customer", "-created_at", "-id"], name="deal_customer_created"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["pipeline", "stage", "-created_at"], name="deal_pipeline_stage"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["stage", "-created_at"], name="deal_stage"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(fields=["status", "-created_at", "-id"], name="deal_status_created"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("status", "open")), fields=["owner", "expected_close"], name="deal_open_of_owner"
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(condition=models.Q(("value__gte", 0)), name="deal_value_not_negative"),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(("currency__regex", "^[A-Z]{3}$")), name="deal_currency_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "lost"), models.Q(("lost_reason", ""), _negated=True)),
                    models.Q(models.Q(("status", "lost"), _negated=True), ("lost_reason", "")),
                    _connector="OR",
                ),
                name="deal_lost_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="deal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", True), ("status", "open")),
                    models.Q(models.Q(("status", "open"), _negated=True), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="deal_closed_says_when",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)),
                fields=["assignee", "due_at"],
                name="task_open_of_assignee",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)), fields=["due_at", "id"], name="task_open_due"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["due_at", "id"], name="task_due"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["customer", "due_at"], name="task_customer_due"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("priority__in", [1, 2, 3])), name="task_priority_known"
            ),
        ),
    ]
