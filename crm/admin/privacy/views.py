"""On the customer's page: consents, all data to hand over, and erasing it."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.enums import ActionVariant

from crm.privacy.export_pdf import person_pdf
from crm.services.privacy.erase_customer import erase_customer
from crm.services.privacy.export_person import EXPORT_NEEDS, export_person
from shared.admin.base import actor_of
from shared.admin.display import moment
from shared.admin.form_page import Done, FormPage, answer
from shared.admin.forms import StyledForm, posted
from shared.admin.pdf import as_pdf
from users.models.consent import Consent, ConsentPurpose
from users.services.record_consent import MAX_SOURCE_LENGTH, record_consent

if TYPE_CHECKING:  # stands before CustomerAdmin among an admin's bases
    from users.admin.customer import CustomerAdmin
else:
    CustomerAdmin = object

PRIVACY_ACTIONS = ("consent", "export_json", "export_pdf", "erase")
_MOST_SHOWN = 10


class ConsentForm(StyledForm):
    purpose = forms.ChoiceField(label=_("Purpose"), choices=ConsentPurpose.choices)
    is_given = forms.ChoiceField(label=_("The customer"), choices=[("yes", _("agrees")), ("no", _("does not agree"))])
    source = forms.CharField(
        label=_("How we know"), max_length=MAX_SOURCE_LENGTH, help_text=_("E.g. “web form” or “call on 3 May”.")
    )


class EraseForm(StyledForm):
    name = forms.CharField(label=_("To confirm, type the customer's name"), max_length=200)

    def __init__(self, wanted: str, *args: object, **kwargs: object) -> None:
        self.wanted = wanted
        super().__init__(*args, **kwargs)

    def clean_name(self) -> str:
        if self.cleaned_data["name"].strip() != self.wanted.strip():
            raise forms.ValidationError(_("This is another name."))
        return self.wanted


class PrivacyPages(CustomerAdmin):
    @action(description=_("Consents"), icon="approval", permissions=["users.add_consent"])
    def consent(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What the customer agreed to so far, and a form for the next statement."""
        customer = self.find_to_change(request, object_id)

        def apply(values: dict[str, Any]) -> Done:
            given = values["is_given"] == "yes"
            record_consent(
                customer_id=customer.pk,
                purpose=values["purpose"],
                is_given=given,
                source=values["source"],
                actor=actor_of(request),
            )
            return Done(gettext("It is written down."), request.path)

        said = Consent.objects.filter(customer=customer).select_related("recorded_by")[:_MOST_SHOWN]
        page = FormPage(
            title=gettext("Consents of %(name)s") % {"name": customer.name},
            intro=gettext("The newest statement of a purpose holds; earlier ones stay. No statement means no consent."),
            facts=[(moment(one.recorded_at), f"{one} ({one.source})") for one in said],
            submit=gettext("Write down"),
            form=ConsentForm(posted(request)),
            back_url=reverse("admin:users_customer_page", args=[customer.pk]),
            apply=apply,
        )
        return answer(self, request, page)

    @action(description=_("Export as JSON"), icon="download", permissions=["users.export_person"])
    def export_json(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """All that is kept about the person."""
        customer = self._whose_data(request, object_id)
        exported = export_person(customer_id=customer.pk)
        shown = {"indent": 1, "ensure_ascii": False}
        return JsonResponse(exported, json_dumps_params=shown, headers=_as_file(f"{customer.pk}.json"))

    @action(description=_("Export as PDF"), icon="picture_as_pdf", permissions=["users.export_person"])
    def export_pdf(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """All that is kept about the person, to be read or printed."""
        customer = self._whose_data(request, object_id)
        return as_pdf(request, customer, lambda: person_pdf(export_person(customer_id=customer.pk)), str(customer.pk))

    @action(
        description=_("Erase personal data"),
        icon="person_remove",
        variant=ActionVariant.DANGER,
        permissions=["users.erase_customers"],
    )
    def erase(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Says what will go and what stays; for good, once the name is typed."""
        customer = self.find_to_change(request, object_id)

        def apply(values: dict[str, Any]) -> Done:
            erase_customer(customer_id=customer.pk, actor=actor_of(request))
            return Done(gettext("The personal data is erased."), reverse("admin:users_customer_changelist"))

        page = FormPage(
            title=gettext("Erase what is known of %(name)s?") % {"name": customer.name},
            intro=gettext("This cannot be undone: no merge, import or history brings it back."),
            facts=[
                (gettext("Goes"), gettext("name, e-mail, phone, address, company, tags, own fields, consents")),
                (gettext("Goes too"), gettext("leads, timeline, e-mails and tasks; the words of deals; the login")),
                (
                    gettext("Stays"),
                    gettext("orders with their amounts; paid ones keep name and address as the books must"),
                ),
            ],
            submit=gettext("Erase for good"),
            is_dangerous=True,
            form=EraseForm(customer.name, posted(request)),
            back_url=reverse("admin:users_customer_page", args=[customer.pk]),
            apply=apply,
        )
        return answer(self, request, page)

    def _whose_data(self, request: HttpRequest, object_id: str) -> Any:
        """Orders, timeline and history are in it: for those who may see all of them."""
        if not request.user.has_perms(EXPORT_NEEDS):
            raise PermissionDenied
        return self.find(request, object_id)


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
