"""Why a row of the demo shop stays: the name of the model that uses it, or one of these."""

from typing import Final

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CHANGED: Final = "changed"
UNKNOWN: Final = "unknown"
OWN_GOODS: Final = "own goods"
MONEY: Final = "money"
INVOICE: Final = "invoice"
IN_USE: Final = "in use"
YOU: Final = "you"
BUSY: Final = "busy"
# A row of these stays as it is: somebody works with it, or may.
AS_THEY_ARE: Final = frozenset({CHANGED, UNKNOWN, YOU, "apikey", "endpoint"})
REASONS: Final[dict[str, str | Promise]] = {
    CHANGED: _("changed by you since"),
    UNKNOWN: _("its history is no longer kept, so nobody can tell whether you changed it"),
    OWN_GOODS: _("with goods of your own"),
    MONEY: _("money was paid for it"),
    INVOICE: _("has an invoice, and your own invoices are numbered after it"),
    IN_USE: _("something of your own still names it"),
    YOU: _("you are signed in with it"),
    BUSY: _("was in use just then: remove again"),
}


def reason_text(reason: str) -> str:
    """In words, for a page."""
    if reason in REASONS:
        return str(REASONS[reason])
    named = {model._meta.model_name: model._meta.verbose_name_plural for model in apps.get_models()}
    return str(_("used by %(what)s that stay") % {"what": named[reason]})
