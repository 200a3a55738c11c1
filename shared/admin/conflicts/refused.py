"""A rule that only a service knows said no: the form shows it at the field that the refusal names."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import forms
from django.http import HttpRequest

from shared.admin.conflicts.others import CUSTOM_FIELDS
from shared.errors import Refusal

REFUSALS = "_kontor_refusals"
WRITTEN_ROW = "_kontor_written_row"  # the prefix of the row that a service is writing


class Fault(NamedTuple):
    """`row`: the prefix of the row's form, empty for the record's own. No name: it is about no field."""

    text: str
    name: str = ""
    row: str = ""


def keep_refusal(request: HttpRequest, refusal: Refusal) -> None:
    """For the form that is made once more for this request."""
    row = request.__dict__.pop(WRITTEN_ROW, "")
    named = [Fault(fault["detail"], _field_of(fault["pointer"]), row) for fault in refusal.data.get("errors", ())]
    request.__dict__[REFUSALS] = tuple(named) or (Fault(refusal.detail, row=row),)


def faults_of(request: HttpRequest) -> tuple[Fault, ...]:
    kept: tuple[Fault, ...] = request.__dict__.get(REFUSALS, ())
    return kept


def faults_of_record(request: HttpRequest) -> tuple[Fault, ...]:
    """What its own form says; of rows it says it, too, for whoever does not see the row."""
    return tuple(Fault(fault.text) if fault.row else fault for fault in faults_of(request))


def _field_of(pointer: str) -> str:
    """/company is the field company, /custom_fields/tier the one of the shop's own field."""
    first, _, rest = pointer.strip("/").partition("/")
    return f"{CUSTOM_FIELDS}{rest}" if first == "custom_fields" else first


def show(form: forms.BaseForm, faults: Iterable[Fault]) -> None:
    """At the form's fields, or above them."""
    for fault in faults:
        form.add_error(fault.name if fault.name in form.fields else None, fault.text)


class RefusedForm:
    """A form that is right in itself, and is not saved all the same; it says why."""

    refusals: tuple[Fault, ...] = ()

    def full_clean(self) -> None:
        super().full_clean()  # type: ignore[misc]
        form: Any = self
        if form.is_bound:
            show(form, self.refusals)


def show_in_rows(faults: Iterable[Fault], formsets: Iterable[Any]) -> None:
    """What was refused of a row stands at the row."""
    of_rows = [fault for fault in faults if fault.row]
    for form in (form for formset in formsets for form in formset.forms) if of_rows else ():
        about = [fault for fault in of_rows if fault.row == form.prefix]
        if about and form.errors is not None:  # the form is cleaned by now: cleaning would forget what is added
            show(form, about)
