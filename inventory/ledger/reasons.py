"""Why stock moved, where a service says it and not a colleague."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from inventory.models.document import DocumentKind
from shared.text.messages import Message

FIRST_STOCK: Final = Message("stock.first", _("First stock"))
DOCUMENT: Final = {kind: Message(f"stock_document.{kind}", kind.label) for kind in DocumentKind}
