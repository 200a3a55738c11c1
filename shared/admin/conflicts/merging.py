"""What I changed is written onto what the others have saved meanwhile; where both changed the same, I am asked."""

import re
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django import forms
from django.db.models import Model
from django.forms.formsets import BaseFormSet
from django.http import QueryDict
from django.utils.translation import gettext as _

from shared.admin.conflicts import sending
from shared.admin.conflicts.opened import UNREADABLE, Opened, Values, differs, plain, row_values, values_in
from shared.admin.conflicts.words import label_of, text_of

CHOICE = "_choice-"
MINE, THEIRS = "mine", "theirs"
_TYPED = "_typed-"
_DELETE, _GONE = "DELETE", "GONE"


class Place(NamedTuple):
    """Which field of which row somebody changed; without a field, the row itself."""

    row: Model | None
    row_key: str
    field: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """`key` names it on the page. `typed`: hidden fields that keep a row which is gone from the database."""

    key: str
    label: str
    place: Place
    opened: str
    mine: str
    theirs: str
    may_keep_mine: bool = True
    typed: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        return f"{CHOICE}{self.key}"


@dataclass(slots=True)
class Merging:
    """`post` is what was sent, and becomes what is to be saved. `taken_over`: changes of others that I had not seen,
    by their labels."""

    post: QueryDict
    opened: Opened
    conflicts: list[Conflict] = field(default_factory=list)
    taken_over: dict[str, Place] = field(default_factory=dict)

    def merge_form(self, form: forms.BaseForm, row: Model | None, *, only: set[str] | None = None) -> None:
        current = {name: value for name, value in values_in(form).items() if only is None or name in only}
        self._merge_fields(form, self.opened.fields, current, key="", place=Place(row, "", ""), label="")

    @property
    def names(self) -> set[str]:
        """Of the record's own fields, those that the page had or asked about."""
        return set(self.opened.fields) | {key for key in self.opened.asked if ":" not in key}

    def merge_absent(self, form: forms.BaseForm, row: Model) -> None:
        """Fields that can be changed no more, since somebody saved something else: what I typed is shown once more."""
        for name in form.fields:
            sent = sending.sent_value(form, name, self.post)
            is_settled = name in self.opened.asked and self.post.get(f"{CHOICE}{name}") == THEIRS
            if is_settled or not differs(form, name, self.opened.fields.get(name, UNREADABLE), sent):
                continue
            opened, theirs = self.opened.fields.get(name, UNREADABLE), values_in(form)[name]
            texts = (text_of(form, name, opened), text_of(form, name, sent), text_of(form, name, theirs))
            typed = tuple((key, str(value)) for key, value in self.post.items() if re.fullmatch(rf"{name}(_\d+)?", key))
            about = Conflict(name, label_of(form, name, ""), Place(row, "", name), *texts, may_keep_mine=False)
            self.conflicts.append(replace(about, typed=typed))

    def merge_rows(self, formset: BaseFormSet, *, may_add: bool) -> None:
        """Rows that only others have touched stay as they are now, or gone; new ones of others are not sent at all."""
        prefix = str(formset.prefix)
        opened = self.opened.rows.get(prefix, {})
        pk_name = formset.model._meta.pk.name  # type: ignore[attr-defined]
        gone: set[int] = set()
        for index, form in enumerate(formset.initial_forms):
            key = str(self.post.get(f"{form.prefix}-{pk_name}", ""))
            place = f"{prefix}:{key}:"
            if form.instance._state.adding:
                gone.add(index)
                self._merge_gone(formset, form, opened.get(key), place=place, may_add=may_add)
            elif formset.can_delete and f"{form.prefix}-{_DELETE}" in self.post:
                self._merge_deletion(formset, form, opened.get(key), place=place)
            else:
                about = Place(form.instance, key, "")
                current = row_values(formset, form)
                self._merge_fields(
                    form, opened.get(key, {}), current, key=place, place=about, label=_label_of_row(formset, form)
                )
        sending.drop_rows(self.post, formset, gone)
        self._answer_gone(formset, may_add=may_add)

    def _merge_fields(
        self, form: forms.BaseForm, opened: Values, current: Values, *, key: str, place: Place, label: str
    ) -> None:
        for name, theirs in current.items():
            before, asked = self._value_before(opened, name, theirs), f"{key}{name}" in self.opened.asked
            if before == theirs and not asked:
                continue
            sent = sending.sent_value(form, name, self.post)
            if not differs(form, name, theirs, sent):
                continue
            choice = self.post.get(f"{CHOICE}{key}{name}") if asked else None
            about, named = place._replace(field=name), label_of(form, name, label)
            if choice == THEIRS or not differs(form, name, before, sent):
                sending.put(self.post, form, name, form.get_initial_for_field(form.fields[name], name))
                self.taken_over[named] = about
            elif choice == MINE and before == theirs:
                continue
            elif (joined := _join_choices(form, name, before, theirs, sent)) is not None:
                self.post.setlist(form.add_prefix(name), joined)
                self.taken_over[named] = about
            else:
                texts = (text_of(form, name, before), text_of(form, name, sent), text_of(form, name, theirs))
                self.conflicts.append(Conflict(f"{key}{name}", named, about, *texts))

    def _value_before(self, opened: Values, name: str, theirs: Any) -> Any:
        """A field that the page did not have was not changed on it."""
        return opened.get(name, theirs) if self.opened.is_readable else UNREADABLE

    def _merge_deletion(self, formset: Any, form: Any, opened: Values | None, *, place: str) -> None:
        """I delete a row that somebody changed since I saw it."""
        current = row_values(formset, form)
        before = current if opened is None else {**current, **opened}
        changed = [name for name in current if before[name] != current[name]]
        key = f"{place}{_DELETE}"
        choice = self.post.get(f"{CHOICE}{key}") if key in self.opened.asked else None
        if choice == THEIRS:
            self.post.pop(f"{form.prefix}-{_DELETE}", None)
            for name in current:
                sending.put(self.post, form, name, form.get_initial_for_field(form.fields[name], name))
        elif changed or (key in self.opened.asked and choice != MINE):
            about = Place(form.instance, str(form.instance.pk), changed[0] if changed else "")
            shown = [_list_values(form, {name: values[name] for name in changed}) for values in (before, current)]
            self.conflicts.append(
                Conflict(key, _label_of_row(formset, form), about, shown[0], _("deleted"), shown[1] or _("stays"))
            )

    def _merge_gone(self, formset: Any, form: Any, opened: Values | None, *, place: str, may_add: bool) -> None:
        """Somebody deleted a row that I changed; what I did not change may go."""
        names = list(row_values(formset, form))
        before = opened or {}
        sent = {name: sending.sent_value(form, name, self.post) for name in names}
        changed = [name for name in names if differs(form, name, before.get(name), sent[name])]
        if not changed or f"{form.prefix}-{_DELETE}" in self.post:
            return
        own = {formset.model._meta.pk.name, formset.fk.name, _DELETE}
        typed = tuple(sending.sent_row(form, self.post, without=own).items())
        self._ask_for_gone(
            f"{place}{_GONE}", typed, may_add, opened=_list_values(form, before), mine=_list_values(form, sent)
        )

    def _ask_for_gone(
        self, key: str, typed: tuple[tuple[str, str], ...], may_add: bool, *, opened: str, mine: str
    ) -> None:
        row_key = key.split(":")[1]
        hidden = [(f"{_TYPED}{key}:{name}", value) for name, value in typed]
        hidden += [(f"{_TYPED}{key}|opened", opened), (f"{_TYPED}{key}|mine", mine)]
        place = Place(None, row_key, "")
        conflict = Conflict(key, _("A row that was deleted"), place, opened, mine, _("deleted"), may_add, tuple(hidden))
        self.conflicts.append(conflict)

    def _answer_gone(self, formset: BaseFormSet, *, may_add: bool) -> None:
        """What the page before this one asked: a row that I keep though it was deleted becomes a new one."""
        prefix = str(formset.prefix)
        asked = (key for key in self.opened.asked if key.startswith(f"{prefix}:") and key.endswith(_GONE))
        for key in sorted(asked):
            choice, start = self.post.get(f"{CHOICE}{key}"), f"{_TYPED}{key}:"
            typed = {name.removeprefix(start): str(self.post[name]) for name in self.post if name.startswith(start)}
            if choice == MINE and may_add:
                sending.add_row(self.post, prefix, typed)
            elif choice != THEIRS:
                texts = {part: str(self.post.get(f"{_TYPED}{key}|{part}", "")) for part in ("opened", "mine")}
                self._ask_for_gone(key, tuple(typed.items()), may_add, **texts)


def _join_choices(form: forms.BaseForm, name: str, before: Any, theirs: Any, sent: Any) -> list[str] | None:
    """Of a choice of many, what each of us added and took away; None for any other field."""
    several = forms.ModelMultipleChoiceField | forms.MultipleChoiceField
    if not isinstance(form.fields[name], several) or before == UNREADABLE:
        return None
    had, have, want = ({str(one) for one in plain(values) or []} for values in (before, theirs, sent))
    return sorted((have | (want - had)) - (had - want))


def _label_of_row(formset: Any, form: Any) -> str:
    """What a row is about, where that was read with it (a line's variant), else the row itself."""
    row = form.instance
    about = [column for column in row._meta.concrete_fields if column.is_relation and column.name != formset.fk.name]
    read = next((row._state.fields_cache.get(column.name) for column in about), None)
    return str(read or row)


def _list_values(form: forms.BaseForm, values: Values) -> str:
    named = [(label_of(form, name, ""), text_of(form, name, value)) for name, value in values.items()]
    return ", ".join(f"{label}: {text}" for label, text in named)
