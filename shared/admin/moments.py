"""Times in lists and forms: shown and typed in the reader's zone, with UTC in the tooltip."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import unfold.fields
import unfold.sections
import unfold.templatetags.unfold_list
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from unfold.utils import display_for_field
from unfold.widgets import UnfoldAdminSplitDateTimeWidget

from shared.admin.display import moment
from shared.clock import day_of, readers_time, start_of_day


def local_moment(typed: datetime) -> datetime:
    """What a time without a zone says in the reader's. An hour that the clocks repeat is the first of the two; raises
    ValidationError for one that they skip, and for one that UTC has no year for."""
    local = typed.replace(tzinfo=timezone.get_current_timezone())
    try:
        read_back = timezone.localtime(local.astimezone(UTC)).replace(tzinfo=None)
    except OverflowError:
        raise _invalid() from None
    if read_back != typed:
        raise ValidationError(gettext("There is no such time on that day: the clocks are put forward."), code="invalid")
    return local


def _invalid() -> ValidationError:
    return ValidationError(forms.DateTimeField.default_error_messages["invalid"], code="invalid")


class SplitMomentWidget(UnfoldAdminSplitDateTimeWidget):
    """The reader's day and hour; UTC's of a time at the end of all years."""

    def decompress(self, value: Any) -> list[Any]:
        if not value:
            return [None, None]
        shown = readers_time(value) if timezone.is_aware(value) else value
        return [shown.date(), shown.time()]


class MomentField(forms.SplitDateTimeField):
    """A day and a time of day. Django's own refuses the hour that the clocks repeat, so that a record from within it
    could not be saved any more."""

    def compress(self, data_list: Any) -> datetime | None:
        if not data_list:
            return None
        day, hour = data_list
        if day in self.empty_values:
            raise ValidationError(self.error_messages["invalid_date"], code="invalid_date")
        if hour in self.empty_values:
            raise ValidationError(self.error_messages["invalid_time"], code="invalid_time")
        return local_moment(datetime.combine(day, hour))


class _DayFirstWidget(SplitMomentWidget):
    """Where a day of the shop's begins, the day alone is shown: it means that moment, whoever reads."""

    is_end = False

    def decompress(self, value: Any) -> list[Any]:
        with suppress(OverflowError):  # no such day in the shop's zone
            if value and timezone.is_aware(value):
                day = day_of(value)
                if value == start_of_day(day):
                    return [day - timedelta(days=1) if self.is_end else day, None]
        return super().decompress(value)


class _LastDayWidget(_DayFirstWidget):
    is_end = True


class DayOrMomentField(MomentField):
    """A day whose time of day may be left out: from its first moment on; or, where something ends, through its last, so
    that what is valid until 31 December is valid on it. Such a day is the shop's; with a time of day, the reader's."""

    def __init__(self, *, is_end: bool = False, **kwargs: Any) -> None:
        self.is_end = is_end
        super().__init__(required=False, widget=_LastDayWidget if is_end else _DayFirstWidget, **kwargs)

    def compress(self, data_list: Any) -> datetime | None:
        if data_list and data_list[0] not in self.empty_values and data_list[1] in self.empty_values:
            try:
                return start_of_day(data_list[0] + timedelta(days=1) if self.is_end else data_list[0])
            except OverflowError:
                raise _invalid() from None
        return super().compress(data_list)


class LocalDateTimeField(forms.DateTimeField):
    """The same in one box, as browsers send it."""

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            typed = parse_datetime(str(value).strip())
        except ValueError:
            typed = None
        if typed is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return typed if timezone.is_aware(typed) else local_moment(typed)


MOMENT_FIELDS: dict[Any, dict[str, Any]] = {
    models.DateTimeField: {"form_class": MomentField, "widget": SplitMomentWidget}
}


def show_moments() -> None:
    """The theme's lists and pages write times as `moment` does."""
    for module in (unfold.fields, unfold.sections, unfold.templatetags.unfold_list):
        module.display_for_field = _display_field


def _display_field(value: Any, field: Any, empty_value_display: str) -> Any:
    if isinstance(field, models.DateTimeField) and isinstance(value, datetime):
        return moment(value)
    return display_for_field(value, field, empty_value_display)
