"""Orders' e-mails: their words, what became of each, and on an order's page those about it."""

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

from crm.mail.text import ORDER_NAMES
from crm.models.order_mail import OrderMail, OrderMailKind, OrderMailStatus, OrderMailTemplate
from crm.services.mail.resend_order_mail import resend_order_mail
from crm.services.mail.update_order_mail_template import update_order_mail_template
from orders.admin.orders.admin import OrderAdmin
from orders.models.order import Order
from shared.admin.base import ReadOnlyAdmin, ReadOnlyInline, Undeletable, actor_of
from shared.admin.display import change_url, moment, object_link, tag
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted
from shared.admin.saving import ServiceAdmin, Values
from shared.planner.lookups import InlineWord
from shared.text.messages import show_text

_COLOURS = {
    OrderMailStatus.QUEUED.value: "info",
    OrderMailStatus.SENDING.value: "warning",
    OrderMailStatus.SENT.value: "success",
    OrderMailStatus.FAILED.value: "danger",
    OrderMailStatus.SKIPPED.value: "info",
}
_STATES = ("failed", "sending")


@admin.register(OrderMailTemplate)
class OrderMailTemplateAdmin(Undeletable, ServiceAdmin):
    """There is one of each kind, and each can be turned off."""

    list_display = ("kind", "is_on", "subject_en", "subject_uk", "updated_at")
    ordering = ("id",)
    readonly_fields = ("kind", "values", "created_at", "updated_at")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        is_reminder = obj is not None and obj.kind == OrderMailKind.REMINDER
        head = (("kind", "is_on", "minutes_before"),) if is_reminder else (("kind", "is_on"),)
        return (
            (None, {"fields": (*head, "values")}),
            (_("English"), {"fields": ("subject_en", "body_en")}),
            (_("Ukrainian"), {"fields": ("subject_uk", "body_uk")}),
            (_("Dates"), {"fields": (("created_at", "updated_at"),)}),
        )

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_record(self, request: HttpRequest, row: OrderMailTemplate, changes: Values) -> OrderMailTemplate:
        return update_order_mail_template(template_id=row.pk, changes=changes)

    @display(description=gettext_lazy("what may stand in it"))
    def values(self, template: OrderMailTemplate | None = None) -> str:
        named = [f"{{{{ {name} }}}}: {meaning}" for name, meaning in ORDER_NAMES.items()]
        more = _("Filters: default, upper, lower, title, capfirst. Also {% if order.deadline %}…{% endif %}.")
        return "\n".join((*named, more))


class StateFilter(RadioFilter):
    """What somebody should look at: refused ones, and those of which nobody knows whether they arrived."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, Any]]:
        return [("failed", gettext_lazy("Failed")), ("sending", gettext_lazy("Not known to have arrived"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(status=InlineWord(self.value())) if self.value() in _STATES else queryset


@admin.register(OrderMail)
class OrderMailAdmin(ReadOnlyAdmin):
    list_display = ("what", "about", "to", "state", "queued", "sent")
    list_select_related = ("order",)
    list_filter = [StateFilter]
    ordering = ("-id",)
    empty_help = gettext_lazy("Orders write to their buyers by themselves; nothing has happened yet.")
    actions_detail = ("again",)
    fields = (("kind", "order"), ("to", "status"), "subject", "body", "error", ("sent_at", "is_resend", "author"))
    readonly_fields = ("kind", "order", "to", "status", "subject", "body", "error", "sent_at", "is_resend", "author")

    @display(description=gettext_lazy("kind"))
    def what(self, mail: OrderMail) -> str:
        return str(mail.get_kind_display())

    @display(description=gettext_lazy("order"))
    def about(self, mail: OrderMail) -> str:
        return object_link(mail.order)

    @display(description=gettext_lazy("state"))
    def state(self, mail: OrderMail) -> str:
        return tag(mail.get_status_display(), _COLOURS[mail.status])

    @display(description=gettext_lazy("written"))
    def queued(self, mail: OrderMail) -> str:
        return moment(mail.created_at)

    @display(description=gettext_lazy("sent"))
    def sent(self, mail: OrderMail) -> str:
        return moment(mail.sent_at)

    @action(
        description=gettext_lazy("Send again"),
        icon="send",
        variant=ActionVariant.PRIMARY,
        permissions=["crm.add_ordermail"],
    )
    def again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        mail = self.find(request, object_id)

        def apply(values: dict[str, Any]) -> Done:
            again = resend_order_mail(mail_id=mail.pk, actor=actor_of(request))
            return Done(_("The e-mail is queued once more."), change_url(OrderMail, again.pk))

        page = FormPage(
            title=_("Send “%(kind)s” again?") % {"kind": mail.get_kind_display()},
            intro=_("In today's words. One that did arrive then arrives twice."),
            facts=[
                (_("Order"), mail.order.number),
                (_("To"), mail.order.customer_email or "-"),
                (_("State"), mail.get_status_display()),
                (_("Why"), show_text(mail.error, None) or "-"),
            ],
            submit=_("Send again"),
            form=StyledForm(posted(request)),
            apply=apply,
            back_url=change_url(OrderMail, mail.pk),
        )
        return answer(self, request, page)


class OrderMailInline(ReadOnlyInline):
    model = OrderMail
    fields = ("mail", "to", "state", "sent", "error")
    readonly_fields = fields
    ordering = ("id",)
    verbose_name_plural = gettext_lazy("e-mails")

    @display(description=gettext_lazy("kind"))
    def mail(self, mail: OrderMail) -> str:
        return object_link(mail)

    @display(description=gettext_lazy("state"))
    def state(self, mail: OrderMail) -> str:
        return tag(mail.get_status_display(), _COLOURS[mail.status])

    @display(description=gettext_lazy("sent"))
    def sent(self, mail: OrderMail) -> str:
        return moment(mail.sent_at)


admin.site.unregister(Order)


@admin.register(Order)
class OrderWithMailsAdmin(OrderAdmin):
    inlines = [*OrderAdmin.inlines, OrderMailInline]
