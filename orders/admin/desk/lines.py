"""The lines of the order desk."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.admin import AdminSite
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.seller import Seller
from catalog.models.variant import Variant
from orders.admin.desk.terms import DiscountFields
from orders.placing.requested_lines import MAX_LINES, MAX_QUANTITY, PlaceOrderLine
from orders.services.drafts.write_draft import DraftedLine
from shared.admin.forms import StyledForm, posted
from shared.admin.saving import Values

PREFIX = "lines"
_MOST_SELLERS = 100


class LineForm(DiscountFields, StyledForm):
    variant = forms.UUIDField(widget=forms.HiddenInput)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=MAX_QUANTITY, initial=1)
    seller = forms.ChoiceField(label=_("Seller"), required=False)
    text = ""  # what the variant is called, and its picture: LineForms.show
    picture_id: UUID | None = None

    def __init__(self, *args: Any, sellers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = self.fields["seller"]
        choices.choices = [("", gettext("The shop chooses")), *sellers]  # type: ignore[attr-defined]
        if len(sellers) < 2:
            choices.widget = forms.HiddenInput()
        for name, field in self.fields.items():
            field.widget.attrs["aria-label"] = str(field.label or name)

    @property
    def value_of_variant(self) -> Any:
        return self["variant"].value()


class LineForms(BaseFormSet):
    """Named by their places: lines-0, lines-1 …"""

    def filled(self) -> list[tuple[int, LineForm]]:
        """Those with a variant that are not taken away; only of what is valid so far."""
        forms_now: list[Any] = list(enumerate(self.forms))
        named = [(place, form) for place, form in forms_now if getattr(form, "cleaned_data", {}).get("variant")]
        return [(place, form) for place, form in named if not form.cleaned_data.get("DELETE")]

    def show(self, request: HttpRequest, site: AdminSite) -> None:
        """Let each line show what its variant is called and looks like, as pickers do. 1 statement."""
        keys = {key for form in self.forms if (key := _uuid_in(form.value_of_variant))}
        pages: Any = site.get_model_admin(Variant)
        rows = pages.get_queryset(request).filter(pk__in=keys) if keys else ()
        shown = {row.pk: (pages.choice_label(row), row.picture_id) for row in rows}
        for form in self.forms:
            form.text, form.picture_id = shown.get(_uuid_in(form.value_of_variant), ("", None))


def desk_lines(request: HttpRequest, *, may_agree: bool, initial: Sequence[Values] = ()) -> LineForms:
    made = formset_factory(
        LineForm, formset=LineForms, extra=0, can_delete=True, max_num=MAX_LINES, absolute_max=MAX_LINES
    )
    rows = Seller.objects.filter(is_active=True).order_by("priority", "name").values_list("pk", "name")
    sellers = [(str(key), name) for key, name in rows[:_MOST_SELLERS]]
    filled: list[Any] = list(initial)
    given = {"sellers": sellers, "may_agree": may_agree}
    return made(posted(request), prefix=PREFIX, form_kwargs=given, initial=filled)  # type: ignore[return-value]


def order_lines(lines: Sequence[tuple[int, LineForm]]) -> tuple[PlaceOrderLine, ...]:
    return tuple(
        PlaceOrderLine(
            variant=str(form.cleaned_data["variant"]),
            quantity=form.cleaned_data.get("quantity") or 1,
            seller_id=_uuid_in(form.cleaned_data.get("seller")),
            discount=form.discount(),
        )
        for _place, form in lines
    )


def drafted_lines(lines: Sequence[tuple[int, LineForm]]) -> list[DraftedLine]:
    return [
        DraftedLine(UUID(line.variant), line.quantity, line.seller_id, discount=line.discount)
        for line in order_lines(lines)
    ]


def _uuid_in(value: Any) -> UUID | None:
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        return None
