"""Write an e-mail to a customer: from a template or from nothing, looked at with its values, then sent."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.mail.consent import agrees_to_marketing
from crm.mail.drafts import draft_of, values_for
from crm.mail.text import MAX_BODY_LENGTH, MAX_SUBJECT_LENGTH, fill_in, one_line
from crm.models.email import Email, EmailTemplate
from crm.services.mail.write_email import write_email
from shared.admin.base import actor_of
from shared.admin.forms import StyledForm, posted
from shared.errors import Refusal
from shared.ids import new_id
from users.models.customer import Customer

_SHOWN = 5
_MAX_TEMPLATES = 200


class EmailForm(StyledForm):
    """`key` is this e-mail's id, made with the page: sent twice, it is written once."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    template = forms.ModelChoiceField(queryset=EmailTemplate.objects.all(), required=False, widget=forms.HiddenInput)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=MAX_SUBJECT_LENGTH)
    body = forms.CharField(
        label=gettext_lazy("Text"), max_length=MAX_BODY_LENGTH, widget=forms.Textarea(attrs={"rows": 14})
    )
    is_logged = forms.BooleanField(label=gettext_lazy("Note it in the timeline"), required=False, initial=True)


def email_urls() -> list[URLPattern]:
    return [path("customers/<uuid:customer_id>/email/", admin.site.admin_view(_email_view), name="customer_email")]


def _email_view(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    model_admin: Any = admin.site.get_model_admin(Customer)
    if not (request.user.has_perm("crm.add_email") and model_admin.has_view_permission(request)):
        raise PermissionDenied
    customer = model_admin.find(request, str(customer_id))
    values = values_for(customer=customer, actor=actor_of(request))
    chosen = _chosen_template(request)
    form = EmailForm(posted(request), initial=_initial_values(request, chosen, values))
    preview = None
    if request.method == "POST" and form.is_valid():
        try:
            chosen = form.cleaned_data["template"]
            preview = (
                one_line(fill_in(form.cleaned_data["subject"], values)),
                fill_in(form.cleaned_data["body"], values),
            )
            if "send" in request.POST:
                return _send_and_answer(request, customer, form, *preview)
        except Refusal as refusal:
            preview = None
            form.add_error(None, refusal.detail)
    context = {
        **admin.site.each_context(request),
        "title": _("E-mail to %(name)s") % {"name": customer.name},
        "customer": customer,
        "form": form,
        "preview": preview,
        "chosen": chosen,
        "templates": _templates_for(customer),
        "needs_consent": chosen is not None and chosen.is_marketing and not agrees_to_marketing(customer.pk),
        "latest": Email.objects.filter(customer=customer.pk).order_by("-id")[:_SHOWN],
        "back": reverse("admin:users_customer_page", args=[customer.pk]),
    }
    return TemplateResponse(request, "admin/kontor/email.html", context, status=409 if form.non_field_errors() else 200)


def _send_and_answer(
    request: HttpRequest, customer: Customer, form: EmailForm, subject: str, body: str
) -> HttpResponse:
    template = form.cleaned_data["template"]
    email = write_email(
        customer_id=customer.pk,
        subject=subject,
        body=body,
        actor=actor_of(request),
        template_id=template.pk if template else None,
        is_logged=form.cleaned_data["is_logged"],
        email_id=form.cleaned_data["key"],
    )
    messages.success(request, _("The e-mail to %(address)s is on its way.") % {"address": email.to})
    return HttpResponseRedirect(reverse("admin:users_customer_page", args=[customer.pk]))


def _templates_for(customer: Customer) -> list[EmailTemplate]:
    """Those in the customer's language in front."""
    rows = list(EmailTemplate.objects.order_by("name", "language")[:_MAX_TEMPLATES])
    return sorted(rows, key=lambda row: row.language != customer.language)


def _chosen_template(request: HttpRequest) -> EmailTemplate | None:
    try:
        return EmailTemplate.objects.filter(pk=UUID(request.GET.get("template", ""))).first()
    except ValueError:
        return None


def _initial_values(request: HttpRequest, chosen: EmailTemplate | None, values: Any) -> dict[str, Any]:
    """What the form begins with: the template with the customer's values in it."""
    draft: dict[str, Any] = {"key": new_id()}
    if chosen is None:
        return draft
    try:
        subject, body = draft_of(template=chosen, values=values)
    except Refusal as refusal:  # a template written before its names were checked
        messages.error(request, refusal.detail)
        return draft
    return {**draft, "template": chosen.pk, "subject": subject, "body": body}
