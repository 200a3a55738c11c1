"""Pages that ask before a service is called: what they showed may have changed before the answer came."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from shared.admin.conflicts.merging import Conflict, Merging
from shared.admin.conflicts.opened import OPENED, Opened, Values, plain, seal, unseal, values_in
from shared.admin.conflicts.others import Author

# Hidden fields that say which state of a record was shown; the others only carry something along.
_STATES = ("version", "seen")


@dataclass(frozen=True, slots=True)
class SecondLook:
    """`form` holds what was typed, and for the rest what there is now."""

    text: str
    conflicts: list[tuple[Conflict, Author]]


def second_look(request: HttpRequest, form: forms.BaseForm) -> SecondLook | None:
    """Whether the page must be shown again, as it is now, before anything is done; None if nothing has changed."""
    opened = unseal(request.path, request.POST.get(OPENED))
    if opened is None:
        return None
    merging = Merging(request.POST.copy(), opened)
    merging.merge_form(form, None, only=_shown_fields(form))
    lost = _lost_values(request, form, opened)
    if not (merging.taken_over or merging.conflicts or lost):
        return None
    form.data = merging.post
    text = _("Somebody changed this meanwhile, and nothing is done yet. Look at it as it is now, then confirm.")
    if lost:
        text += " " + _("You had typed: %(typed)s.") % {"typed": ", ".join(lost)}
    return SecondLook(text, [(conflict, Author(_("Somebody"), None)) for conflict in merging.conflicts])


def opening(request: HttpRequest, form: forms.BaseForm, look: SecondLook | None) -> str:
    """What the page is opened with, for its hidden field."""
    values, shown = values_in(form), _shown_fields(form)
    asked = frozenset(conflict.key for conflict, _author in look.conflicts) if look is not None else frozenset()
    return seal(request.path, Opened({name: values[name] for name in values if name in shown}, asked=asked))


def _shown_fields(form: forms.BaseForm) -> set[str]:
    return {name for name, field in form.fields.items() if not field.widget.is_hidden or name.startswith(_STATES)}


def _lost_values(request: HttpRequest, form: forms.BaseForm, opened: Opened) -> list[str]:
    """What was typed for something that is gone."""
    gone: Values = {name: value for name, value in opened.fields.items() if name not in form.fields}
    typed: list[tuple[Any, Any]] = [(value, plain(request.POST.get(name))) for name, value in gone.items()]
    return [str(sent) for value, sent in typed if sent is not None and str(sent) != str(value)]
