"""The page that makes a customer of a lead, or finds out that it is one already."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.admin import AdminSite, ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models.variant import default_currency
from crm.models.deal import Deal
from crm.models.lead import Lead
from crm.models.pipeline import Pipeline
from crm.pipeline.lead_matches import LeadMatch, matches_of
from crm.services.leads.convert_lead import NewDeal, convert_lead
from shared.admin.base import actor_of
from shared.admin.display import change_url
from shared.admin.form_page import Done, FormPage
from shared.admin.forms import AutocompleteField, StyledForm, posted
from users.access.ownership import check_may_change, visible_to
from users.models.customer import Customer

_NEW = "new"


class ConvertForm(StyledForm):
    """With matches, which one it is must be said: nothing is chosen beforehand."""

    deal_title = forms.CharField(
        label=gettext_lazy("Open a deal"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("What it is about; empty: no deal yet."),
    )
    deal_value = forms.DecimalField(
        label=gettext_lazy("Deal value"),
        min_value=0,
        max_digits=15,
        decimal_places=2,
        required=False,
        help_text=gettext_lazy("In the shop's currency."),
    )
    pipeline = forms.ModelChoiceField(
        label=gettext_lazy("Pipeline"),
        queryset=Pipeline.objects.order_by("-is_default", "name"),
        required=False,
        empty_label=gettext_lazy("The default one"),
    )
    field_order = ("match", "customer", "deal_title", "deal_value", "pipeline")

    def __init__(self, site: AdminSite, matches: Sequence[LeadMatch], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if matches:
            self.fields["match"] = forms.ChoiceField(
                label=_("Is it one of these?"),
                choices=[
                    *((str(match.customer.pk), _describe_match(match)) for match in matches),
                    (_NEW, _("No: a new customer")),
                ],
                widget=forms.RadioSelect,
            )
        self.fields["customer"] = AutocompleteField(
            Deal._meta.get_field("customer"),
            site,
            required=False,
            label=_("It is this customer"),
            help_text=_("Only if the lead is a customer already, found neither by e-mail nor by phone."),
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        named, match = values.get("customer"), values.get("match", _NEW)
        if named is not None and match not in {_NEW, str(named.pk)}:
            self.add_error("customer", _("Two customers are chosen: which one is it?"))
        values["customer_id"] = named.pk if named is not None else None if match in {_NEW, None} else UUID(match)
        return values


def _describe_match(match: LeadMatch) -> str:
    same = [_("same e-mail")] * match.same_email + [_("same phone")] * match.same_phone
    about = filter(None, (match.customer.email, match.customer.phone, str(match.customer.company or "")))
    return f"{match.customer.name} · {', '.join(about)} ({', '.join(same)})"


def convert_page(model_admin: ModelAdmin, request: HttpRequest, lead: Lead) -> FormPage:
    """Offers the customers that the lead may be already."""
    matches = matches_of(lead, visible_to(request.user, Customer.objects.all()))

    def apply(values: dict[str, Any]) -> Done:
        needed = ["crm.add_deal"] if values["deal_title"] else []
        if values["customer_id"] is not None:
            needed.append("users.change_customer")
            check_may_change(request.user, *Customer.objects.filter(pk=values["customer_id"]))
        if not request.user.has_perms(needed):
            raise PermissionDenied
        title, pipeline = values["deal_title"], values["pipeline"]
        deal = NewDeal(
            title=title,
            value=values["deal_value"] or Decimal(0),
            currency=default_currency(),
            pipeline_id=pipeline.pk if pipeline else None,
        )
        made = convert_lead(
            lead_id=lead.pk,
            actor=actor_of(request),
            deal=deal if title else None,
            customer_id=values["customer_id"],
        )
        if made.deal is not None:
            said = _("%(name)s is a customer now, with the deal “%(title)s”.")
            return Done(said % {"name": made.customer.name, "title": title}, change_url(Deal, made.deal.pk))
        said = _("%(name)s is a customer now.")
        return Done(said % {"name": made.customer.name}, change_url(Customer, made.customer.pk))

    return FormPage(
        title=_("Make a customer of %(name)s") % {"name": lead.name},
        intro=_(
            "Name, e-mail and phone go to a new customer; the company is found by name or made. "
            "A customer that is there already only gets what it lacks."
        ),
        facts=[
            (_("Company"), lead.company_name or _("none")),
            (_("E-mail"), lead.email or _("missing: add it first")),
            (_("Phone"), lead.phone or _("none")),
        ],
        submit=_("Make a customer"),
        form=ConvertForm(model_admin.admin_site, matches, posted(request)),
        apply=apply,
        back_url=change_url(Lead, lead.pk),
    )
