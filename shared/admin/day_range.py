"""A list's filter by days: from one to another, or a range that has a name."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.admin import FieldListFilter, ModelAdmin
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext, gettext_lazy

from shared.clock import bounds_of_days, shop_zone, start_of_day

SHOP = "shop"  # in the address: the days are the shop's, whoever reads
_YEARS = range(1900, 2200)


@dataclass(frozen=True, slots=True)
class Preset:
    label: Any
    days: Callable[[date], tuple[date, date]]


def _month_before(today: date) -> tuple[date, date]:
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


PRESETS = {
    "today": Preset(gettext_lazy("Today"), lambda today: (today, today)),
    "yesterday": Preset(gettext_lazy("Yesterday"), lambda today: (today - timedelta(days=1),) * 2),
    "7": Preset(gettext_lazy("Last 7 days"), lambda today: (today - timedelta(days=6), today)),
    "30": Preset(gettext_lazy("Last 30 days"), lambda today: (today - timedelta(days=29), today)),
    "month": Preset(gettext_lazy("This month"), lambda today: (today.replace(day=1), today)),
    "last_month": Preset(gettext_lazy("Last month"), _month_before),
    "year": Preset(gettext_lazy("This year"), lambda today: (today.replace(month=1, day=1), today)),
}


class DayRangeFilter(FieldListFilter):
    """Days alone, both included: the reader's, or the shop's where a report links here. An edge may have a time of day,
    as addresses that were saved have. What is no day finds nothing, and says so."""

    template = "admin/kontor/day_range_filter.html"
    parts: ClassVar[tuple[str, ...]] = ("when", "from_0", "from_1", "to_0", "to_1", "zone")

    def __init__(
        self,
        field: Field,
        request: HttpRequest,
        params: dict[str, Any],
        model: type[Model],
        model_admin: ModelAdmin,
        field_path: str,
    ) -> None:
        super().__init__(field, request, params, model, model_admin, field_path)
        self._asked = {part: str(request.GET.get(f"{field_path}_{part}", "")).strip() for part in self.parts}

    def expected_parameters(self) -> list[str | None]:
        return [f"{self.field_path}_{part}" for part in self.parts]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self._faults():
            return queryset.none()
        since, before, is_included = self._bounds()
        if since is not None:
            queryset = queryset.filter(**{f"{self.field_path}__gte": since})
        if before is not None:
            queryset = queryset.filter(**{f"{self.field_path}__{'lte' if is_included else 'lt'}": before})
        return queryset

    def choices(self, changelist: Any) -> Iterator[Any]:
        preset = "" if self._asked["from_0"] or self._asked["to_0"] else self._asked["when"]
        first, last = self._days()
        yield {
            "name": self.field_path,
            "presets": [(key, one.label) for key, one in PRESETS.items()],
            "preset": preset,
            "first": "" if preset or first is None else first.isoformat(),
            "last": "" if preset or last is None else last.isoformat(),
            "zone": self._asked["zone"],
            "faults": self._faults(),
        }

    def active_text(self) -> str:
        """What is asked for, in words; empty: nothing."""
        faults = self._faults()
        if faults:
            return gettext("“%(text)s” is no day") % {"text": faults[0]}
        if self._preset() is not None:
            return str(PRESETS[self._asked["when"]].label)
        edges = [self._edge_text(name) for name in ("from", "to")]
        if not any(edges):
            return ""
        return " - ".join(edge or "…" for edge in edges) if edges[0] != edges[1] else edges[0]

    def _edge_text(self, name: str) -> str:
        day = _parse_day(self._asked[f"{name}_0"])
        return f"{date_format(day, 'DATE_FORMAT')} {self._asked[f'{name}_1'][:5]}".strip() if day else ""

    def _zone(self) -> ZoneInfo:
        return shop_zone() if self._asked["zone"] == SHOP else ZoneInfo(timezone.get_current_timezone_name())

    def _preset(self) -> Preset | None:
        has_days = self._asked["from_0"] or self._asked["to_0"]
        return None if has_days else PRESETS.get(self._asked["when"])

    def _days(self) -> tuple[date | None, date | None]:
        preset = self._preset()
        if preset is not None:
            return preset.days(timezone.now().astimezone(self._zone()).date())
        return _parse_day(self._asked["from_0"]), _parse_day(self._asked["to_0"])

    def _faults(self) -> list[str]:
        edges = [self._asked[f"{name}_0"] for name in ("from", "to")]
        faults = [text for text in edges if text and _parse_day(text) is None]
        is_unknown = not any(edges) and self._asked["when"] and self._asked["when"] not in PRESETS
        return [*faults, *([self._asked["when"]] if is_unknown else [])]

    def _bounds(self) -> tuple[datetime | None, datetime | None, bool]:
        """From which moment on, until which, and whether that one is within: days are not cut, times are included."""
        first, last = self._days()
        since = None if first is None else start_of_day(first, self._zone())
        before = None if last is None else bounds_of_days(last, last, self._zone())[1]
        if self._preset() is not None:
            return since, before, False
        hour, until = (_parse_hour(self._asked[f"{name}_1"]) for name in ("from", "to"))
        if first is not None and hour is not None:
            since = datetime.combine(first, hour, self._zone())
        if last is not None and until is not None:
            return since, datetime.combine(last, until, self._zone()), True
        return since, before, False


def _parse_day(text: str) -> date | None:
    """As browsers send it, or as the reader's language writes it."""
    for form in ("%Y-%m-%d", *get_format("DATE_INPUT_FORMATS")):
        with suppress(ValueError):
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
            return day if day.year in _YEARS else None
    return None


def _parse_hour(text: str) -> Any:
    with suppress(ValueError):
        return parse_time(text)
    return None
