"""E-mail templates, the e-mails that were written, and the page on which one is written."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from crm.mail.text import NAMES
from crm.models.email import Email, EmailStatus, EmailTemplate
from crm.services.mail.resend_email import send_again
from crm.services.mail.save_email_template import delete_email_template, save_email_template
from shared.admin.base import ReadOnlyAdmin
from shared.admin.display import change_url, moment
from shared.admin.filters import OwnerFilter
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted
from shared.admin.saving import ServiceAdmin, Values
from shared.planner.lookups import InlineWord
from shared.text.messages import show_text
from users.access.ownership import visible_to
from users.models.customer import Customer

_COLOURS = {
    EmailStatus.QUEUED.value: "info",
    EmailStatus.SENT.value: "success",
    EmailStatus.FAILED.value: "danger",
}


@admin.register(EmailTemplate)
class EmailTemplateAdmin(ServiceAdmin):
    list_display = ("name", "language", "subject", "is_marketing", "updated_at")
    ordering = ("name", "language")
    empty_help = gettext_lazy("A template is an e-mail that you write often. Add the first one.")
    readonly_fields = ("values", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": (("name", "language"), "is_marketing", "subject", "body", "values")}),
        (gettext_lazy("Dates"), {"fields": (("created_at", "updated_at"),)}),
    )
    add_fieldsets = ((None, {"fields": (("name", "language"), "is_marketing", "subject", "body", "values")}),)

    def create_record(self, request: HttpRequest, values: Values) -> EmailTemplate:
        return save_email_template(template_id=None, values=values)

    def change_record(self, request: HttpRequest, row: EmailTemplate, changes: Values) -> EmailTemplate:
        return save_email_template(template_id=row.pk, values=changes)

    def delete_record(self, request: HttpRequest, row: EmailTemplate) -> None:
        delete_email_template(template_id=row.pk)

    @display(description=gettext_lazy("what may stand in it"))
    def values(self, template: EmailTemplate | None = None) -> str:
        named = [f"{{{{ {name} }}}}: {meaning}" for name, meaning in NAMES.items()]
        more = _("Filters: default, upper, lower, title, capfirst. Also {% if company.name %}…{% endif %}.")
        return "\n".join((*named, more))


class CustomerFilter(OwnerFilter):
    order = ("-id",)


class NotSentFilter(RadioFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, Any]]:
        return [("failed", gettext_lazy("Failed")), ("queued", gettext_lazy("Queued"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        """Few are in these states, and each state has an index of its own."""
        return queryset.filter(status=InlineWord(self.value())) if self.value() in {"failed", "queued"} else queryset


@admin.register(Email)
class EmailAdmin(ReadOnlyAdmin):
    list_display = ("subject", "to", "state", "author", "sent")
    list_select_related = ("author",)
    list_filter = [NotSentFilter, ("customer", CustomerFilter)]
    ordering = ("-id",)
    empty_help = gettext_lazy("E-mails are written on a customer's page.")
    actions_detail = ("again",)
    fields = (("to", "customer"), "subject", "body", ("status", "sent_at"), "error", ("author", "template"))
    readonly_fields = ("to", "customer", "subject", "body", "status", "sent_at", "error", "author", "template")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Those to customers whom the colleague sees."""
        rows: QuerySet = super().get_queryset(request)
        seen = visible_to(request.user, Customer.everyone.all())
        return rows.filter(customer__in=seen.order_by()) if seen.query.where else rows

    @display(description=gettext_lazy("state"), label=_COLOURS)
    def state(self, email: Email) -> tuple[str, str]:
        return email.status, email.get_status_display()

    @display(description=gettext_lazy("sent"))
    def sent(self, email: Email) -> str:
        return moment(email.sent_at)

    @action(
        description=gettext_lazy("Send again"),
        icon="send",
        variant=ActionVariant.PRIMARY,
        permissions=["crm.add_email"],
    )
    def again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        email = self.find(request, object_id)

        def apply(values: dict[str, Any]) -> Done:
            send_again(email_id=email.pk)
            return Done(_("The e-mail is queued again."))

        page = FormPage(
            title=_("Send “%(subject)s” again?") % {"subject": email.subject},
            facts=[
                (_("To"), email.to),
                (_("State"), email.get_status_display()),
                (_("Why"), show_text(email.error, None) or "-"),
            ],
            submit=_("Send again"),
            form=StyledForm(posted(request)),
            apply=apply,
            back_url=change_url(Email, email.pk),
        )
        return answer(self, request, page)
