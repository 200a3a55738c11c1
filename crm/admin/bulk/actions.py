"""What can be done to many chosen rows at once, by model."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from crm.admin.bulk import forms
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.task import Task
from crm.services.bulk.change_column import bulk_change
from crm.services.bulk.check_many import BulkResult
from crm.services.bulk.complete_tasks import bulk_complete
from crm.services.bulk.tag_customers import bulk_tag
from shared.actor import Actor
from shared.admin.forms import StyledForm
from users.models.customer import Customer

Apply = Callable[[Sequence[UUID], dict[str, Any], Actor], BulkResult]


class Bulk(NamedTuple):
    """`apply` gets the keys, the form's values and who acts. `right`: has_<right>_permission of the admin says who
    may."""

    name: str
    label: Any
    form: type[StyledForm]
    apply: Apply
    right: str = "change"

    def may(self, model_admin: ModelAdmin, request: HttpRequest, row: Model | None = None) -> bool:
        return bool(getattr(model_admin, f"has_{self.right}_permission")(request, row))


def _apply_column(model: Any, column: str, field: str) -> Apply:
    """Set a column to what the form's field says; of a row, its key."""

    def apply(ids: Sequence[UUID], values: dict[str, Any], actor: Actor) -> BulkResult:
        value = values[field]
        value = value.pk if isinstance(value, Model) else value
        return bulk_change(model=model, ids=ids, column=column, value=value, actor=actor)

    return apply


def _apply_tag(*, is_added: bool) -> Apply:
    def apply(ids: Sequence[UUID], values: dict[str, Any], actor: Actor) -> BulkResult:
        return bulk_tag(ids=ids, tag_id=values["tag"].pk, is_added=is_added, actor=actor)

    return apply


def _apply_completion(ids: Sequence[UUID], values: dict[str, Any], actor: Actor) -> BulkResult:
    return bulk_complete(ids=ids, actor=actor)


_OWNER = gettext_lazy("Assign an owner")
BULK: dict[type[Model], tuple[Bulk, ...]] = {
    Customer: (
        Bulk("assign_owner", _OWNER, forms.OwnerForm, _apply_column(Customer, "owner_id", "owner")),
        Bulk("add_tag", gettext_lazy("Add a tag"), forms.TagForm, _apply_tag(is_added=True)),
        Bulk("remove_tag", gettext_lazy("Remove a tag"), forms.TagForm, _apply_tag(is_added=False)),
    ),
    Deal: (
        Bulk("assign_owner", _OWNER, forms.OwnerForm, _apply_column(Deal, "owner_id", "owner")),
        Bulk(
            "set_expected_close",
            gettext_lazy("Set the expected close"),
            forms.ExpectedCloseForm,
            _apply_column(Deal, "expected_close", "expected_close"),
        ),
    ),
    Lead: (
        Bulk("assign_owner", _OWNER, forms.OwnerForm, _apply_column(Lead, "owner_id", "owner")),
        Bulk(
            "set_status", gettext_lazy("Set the status"), forms.LeadStatusForm, _apply_column(Lead, "status", "status")
        ),
    ),
    Task: (
        Bulk(
            "assign",
            gettext_lazy("Assign to a colleague"),
            forms.OwnerForm,
            _apply_column(Task, "assignee_id", "owner"),
        ),
        Bulk("set_due", gettext_lazy("Set the due time"), forms.DueForm, _apply_column(Task, "due_at", "due_at")),
        Bulk(
            "set_priority",
            gettext_lazy("Set the priority"),
            forms.PriorityForm,
            _apply_column(Task, "priority", "priority"),
        ),
        Bulk("complete", gettext_lazy("Mark as done"), StyledForm, _apply_completion),
    ),
}
