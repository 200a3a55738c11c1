"""Something a colleague should do."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from crm.models.deal import Deal
from crm.models.lead import Lead
from shared.models.base import TimestampedModel
from users.models.customer import Customer


class TaskPriority(models.IntegerChoices):
    HIGH = 1, "High"
    NORMAL = 2, "Normal"
    LOW = 3, "Low"


class TaskRepeat(models.TextChoices):
    """When it comes back after it is done."""

    NEVER = "never", "Never"
    DAILY = "daily", "Every day"
    WEEKLY = "weekly", "Every week"
    MONTHLY = "monthly", "Every month"


class Task(TimestampedModel):
    """Open until `done_at`; may concern a customer, or one of the customer's deals."""

    title = models.CharField(max_length=200, help_text="What to do, e.g. “Call back about delivery”.")
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, null=True, blank=True, related_name="tasks")
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, null=True, blank=True, related_name="tasks")
    due_at = models.DateTimeField(null=True, blank=True, help_text="When it should be done (UTC); empty: some day.")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Who does it; it shows on that colleague's dashboard.",
    )
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    priority = models.PositiveSmallIntegerField(choices=TaskPriority.choices, default=TaskPriority.NORMAL)

    reminder_at = models.DateTimeField(
        null=True, blank=True, help_text="When to be reminded by e-mail (UTC); empty: not at all."
    )
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    repeat = models.CharField(
        max_length=7,
        choices=TaskRepeat.choices,
        default=TaskRepeat.NEVER,
        db_default="never",
        help_text="Done, it comes back this much later. Needs a due time.",
    )

    class Meta:
        db_table = "crm_task"
        ordering = ["due_at", "id"]
        indexes = [
            # serves: the reminders that are due
            models.Index(
                fields=["reminder_at"],
                condition=Q(done_at__isnull=True, reminded_at__isnull=True, reminder_at__isnull=False),
                name="task_reminder_due",
            ),
            # serves: a colleague's open tasks, the most urgent first
            models.Index(
                fields=["assignee", "due_at"], condition=Q(done_at__isnull=True), name="task_open_of_assignee"
            ),
            # serves: a colleague's tasks, done ones too, by due time
            models.Index(fields=["assignee", "due_at", "id"], name="task_assignee_due"),
            # serves: all open tasks by due time
            models.Index(fields=["due_at", "id"], condition=Q(done_at__isnull=True), name="task_open_due"),
            # serves: all tasks by due time
            models.Index(fields=["due_at", "id"], name="task_due"),
            # serves: a customer's tasks by due time
            models.Index(fields=["customer", "due_at"], name="task_customer_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(repeat__in=TaskRepeat.values), name="task_repeat_known"),
            models.CheckConstraint(
                condition=Q(repeat="never") | Q(due_at__isnull=False), name="task_that_repeats_has_a_due_time"
            ),
            models.CheckConstraint(condition=Q(priority__in=TaskPriority.values), name="task_priority_known"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A task on a deal is on the deal's customer."""
        super().clean()
        if self.deal is None:
            return
        if self.customer_id is None:
            self.customer_id = self.deal.customer_id
        elif self.customer_id != self.deal.customer_id:
            raise ValidationError({"deal": "This deal belongs to another customer."})
