"""What services write into the timeline: stored in English, as the record stays; shown in the reader's language."""

import re
from collections.abc import Iterable, Mapping
from functools import cache

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from crm.models.activity import ActivityKind

DEAL_OPENED = _("Deal opened: %(title)s")
DEAL_ORDERED = _("%(title)s: order %(number)s placed")
DEAL_CHANGED = _("%(title)s: %(fields)s changed")
LINES_CHANGED = _("%(title)s: lines changed")
FIELD_CHANGED = _("%(fields)s changed")
TAG_ADDED = _("Tag %(tag)s added")
TAG_REMOVED = _("Tag %(tag)s removed")
TASK_DONE = _("Task done: %(title)s")
LEAD_CONVERTED = _("Lead %(lead)s became a customer")
LEAD_JOINED = _("Lead %(lead)s is the customer %(customer)s")
MERGED = _("Merged with %(customer)s")
MERGE_UNDONE = _("Merge with %(customer)s undone")
ERASED = _("Personal data erased")
EMAIL_NOT_SENT = _("E-mail not sent: %(subject)s")

STAGE = _("Stage: %(stage)s")
NO_LINES = _("No lines any more.")
MOVED = _("%(customer)s: %(counts)s.")
_("customer-tag relationships")  # what Django calls them
NOTHING_MOVED = _("%(customer)s: nothing had to be moved.")
CONSENT_WITHDRAWN = _("The customer has withdrawn the consent to marketing by e-mail.")

# The first that fits is taken: what fits less stands in front.
_SUBJECTS = (
    *(DEAL_OPENED, TASK_DONE, EMAIL_NOT_SENT, LEAD_JOINED, LEAD_CONVERTED, MERGE_UNDONE, MERGED, ERASED),
    *(TAG_ADDED, TAG_REMOVED, LINES_CHANGED, DEAL_ORDERED, DEAL_CHANGED, FIELD_CHANGED),
)
_TEXTS = (STAGE, NO_LINES, CONSENT_WITHDRAWN, NOTHING_MOVED, MOVED)

_SHAPES = {"fields": "[A-Za-z, ]+", "counts": r"\d+ [a-z-]+(?: [a-z-]+)*(?:, \d+ [a-z-]+(?: [a-z-]+)*)*"}


def names_of(columns: Iterable[str]) -> str:
    """Columns as a reader knows them: their fields' names, in English."""
    return ", ".join(column.removesuffix("_id").replace("_", " ") for column in columns)


def shown_subject(kind: str, subject: str) -> str:
    return _shown(subject, _SUBJECTS) if kind == ActivityKind.CHANGE else subject


def shown_text(kind: str, text: str) -> str:
    return _shown(text, _TEXTS) if kind == ActivityKind.CHANGE else text


def _shown(stored: str, templates: tuple[str, ...]) -> str:
    """The stored text, if it was made from one of the templates, in the language of the page; else as it is."""
    if (get_language() or "en").startswith("en"):
        return stored
    for template in templates:
        if found := _pattern(template).fullmatch(stored):
            values = found.groupdict()
            if "fields" in values:
                values["fields"] = ", ".join(gettext(name) for name in values["fields"].lower().split(", "))
            if "counts" in values:
                values["counts"] = shown_counts(dict(_counted(part) for part in values["counts"].split(", ")))
            return gettext(template) % values
    return stored


def shown_counts(counts: Mapping[str, int]) -> str:
    """How many of each, by what they are called in English, for a page."""
    return ", ".join(f"{gettext(name)}: {number_format(count, force_grouping=True)}" for name, count in counts.items())


def counts_of(counts: Mapping[str, int]) -> str:
    """The same to be stored."""
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _counted(part: str) -> tuple[str, int]:
    count, _space, name = part.partition(" ")
    return name, int(count)


@cache
def _pattern(template: str) -> re.Pattern[str]:
    escaped = re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.*)", re.escape(template))
    for name, shape in _SHAPES.items():
        escaped = escaped.replace(f"(?P<{name}>.*)", f"(?P<{name}>{shape})")
    return re.compile(escaped, re.DOTALL)
