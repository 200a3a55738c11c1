"""What services write into the timeline, as messages; keys are stored and stay. docs/decisions/stored-texts.md"""

from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from shared.text.messages import Json, Message, message_of, show_text


def _names_of_fields(columns: Iterable[str]) -> str:
    """Columns as a reader knows them: their fields' names."""
    return ", ".join(gettext(column.removesuffix("_id").replace("_", " ")) for column in columns)


def _first_large(columns: Iterable[str]) -> str:
    words = _names_of_fields(columns)
    return f"{words[:1].upper()}{words[1:]}"


def shown_counts(counts: Mapping[str, int]) -> str:
    """How many of each, by what they are called in English, for a page."""
    return ", ".join(f"{gettext(name)}: {number_format(count, force_grouping=True)}" for name, count in counts.items())


def _format_counts(counts: Mapping[str, int]) -> str:
    if (get_language() or "en").startswith("en"):
        return ", ".join(f"{count} {name}" for name, count in counts.items())
    return shown_counts(counts)


def _format_lines(lines: Iterable[tuple[int, str, str]]) -> str:
    line = gettext("%(units)s x %(sku)s at %(price)s")
    return "\n".join(line % {"units": units, "sku": sku, "price": price} for units, sku, price in lines)


gettext_noop("customer-tag relationships")  # what Django calls them

DEAL_OPENED: Final = Message("deal.opened", _("Deal opened: %(title)s"))
DEAL_ORDERED: Final = Message("deal.ordered", _("%(title)s: order %(number)s placed"))
DEAL_CHANGED: Final = Message("deal.changed", _("%(title)s: %(fields)s changed"), {"fields": _names_of_fields})
LINES_CHANGED: Final = Message("deal.lines_changed", _("%(title)s: lines changed"))
FIELD_CHANGED: Final = Message("record.changed", _("%(fields)s changed"), {"fields": _first_large})
TAG_ADDED: Final = Message("tag.added", _("Tag %(tag)s added"))
TAG_REMOVED: Final = Message("tag.removed", _("Tag %(tag)s removed"))
TASK_DONE: Final = Message("task.done", _("Task done: %(title)s"))
LEAD_CONVERTED: Final = Message("lead.converted", _("Lead %(lead)s became a customer"))
LEAD_JOINED: Final = Message("lead.joined", _("Lead %(lead)s is the customer %(customer)s"))
MERGED: Final = Message("customer.merged", _("Merged with %(customer)s"))
MERGE_UNDONE: Final = Message("customer.merge_undone", _("Merge with %(customer)s undone"))
ERASED: Final = Message("customer.erased", _("Personal data erased"))
EMAIL_NOT_SENT: Final = Message("email.not_sent", _("E-mail not sent: %(subject)s"))

# The text below such a line.
STAGE: Final = Message("deal.stage", _("Stage: %(stage)s"))
LINES: Final = Message("deal.lines", "%(lines)s", {"lines": _format_lines})
NO_LINES: Final = Message("deal.no_lines", _("No lines any more."))
MOVED: Final = Message("merge.moved", _("%(customer)s: %(counts)s."), {"counts": _format_counts})
NOTHING_MOVED: Final = Message("merge.nothing_moved", _("%(customer)s: nothing had to be moved."))
CONSENT_WITHDRAWN: Final = Message(
    "email.consent_withdrawn", _("The customer has withdrawn the consent to marketing by e-mail.")
)
KIND_TURNED_OFF: Final = Message("email.kind_turned_off", _("This kind of e-mail is turned off."))
NO_ADDRESS: Final = Message("email.no_address", _("The order has no e-mail address any more."))
NOT_NEEDED: Final = Message("email.not_needed", _("The order is paid, cancelled or deleted by now."))

# In the column `message` of an entry: the messages of its subject and of its text.
SUBJECT: Final = "subject"
TEXT: Final = "text"


def shown_subject(subject: str, message: Mapping[str, Json] | None) -> str:
    """For a page, in its language."""
    return show_text(subject, message[SUBJECT]) if message and SUBJECT in message else subject


def shown_text(text: str, message: Mapping[str, Json] | None) -> str:
    """For a page, in its language."""
    return show_text(text, message[TEXT]) if message and TEXT in message else text


def messages_of(*, subject: str = "", text: str = "") -> dict[str, Json] | None:
    """What is stored beside an entry's texts; None where both are a colleague's words, or a customer's."""
    messages = {SUBJECT: message_of(subject), TEXT: message_of(text)}
    return {name: message for name, message in messages.items() if message} or None
