"""Something a colleague should do."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.models.deal import Deal
from crm.models.lead import Lead
from shared.models.base import TimestampedModel
from users.models.customer import Customer


class TaskPriority(models.IntegerChoices):
    HIGH = 1, _("High")
    NORMAL = 2, _("Normal")
    LOW = 3, pgettext_lazy("priority", "Low")


class TaskRepeat(models.TextChoices):
    """When it comes back after it is done."""

    NEVER = "never", _("Never")
    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Every week")
    MONTHLY = "monthly", _("Every month")
    YEARLY = "yearly", _("Every year")


class Task(TimestampedModel):
    """Open until `done_at`; may concern a customer, or one of the customer's deals."""

    title = models.CharField(_("title"), max_length=200, help_text=_("What to do, e.g. “Call back about delivery”."))
    customer = models.ForeignKey(
        Customer,
        verbose_name=_("customer"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    deal = models.ForeignKey(
        Deal, verbose_name=_("deal"), on_delete=models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    lead = models.ForeignKey(
        Lead, verbose_name=_("lead"), on_delete=models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    due_at = models.DateTimeField(
        _("due at"), null=True, blank=True, help_text=_("When it should be done; empty: some day.")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assignee"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text=_("Who does it; it shows on that colleague's dashboard."),
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True, editable=False)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=TaskPriority.choices, default=TaskPriority.NORMAL
    )

    reminder_at = models.DateTimeField(
        _("reminder at"), null=True, blank=True, help_text=_("When to be reminded by e-mail; empty: not at all.")
    )
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True, editable=False)
    repeat = models.CharField(
        _("repeat"),
        max_length=7,
        choices=TaskRepeat.choices,
        default=TaskRepeat.NEVER,
        db_default="never",
        help_text=_("Done, it comes back this much later. Needs a due time."),
    )
    # The day of the month that a shorter month has cut: after 28 February a task of the 31st is due on 31 March.
    repeat_day = models.PositiveSmallIntegerField(null=True, blank=True, editable=False, verbose_name=_("day it keeps"))

    class Meta:
        db_table = "crm_task"
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
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
            models.CheckConstraint(
                condition=Q(repeat_day__isnull=True) | Q(repeat_day__range=(29, 31)), name="task_repeat_day_is_late"
            ),
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
            raise ValidationError({"deal": gettext("This deal belongs to another customer.")})
