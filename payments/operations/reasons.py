"""What a service says of an operation that failed. Without parameters, so that its English is enough to know it by."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from shared.text.messages import Message

NO_INTENT_KNOWN: Final = Message("operation.no_intent_known", _("it came through no intent that is known here"))
REFUND_OVER: Final = Message("operation.refund_over", _("the refund is over"))
TOO_OLD: Final = Message("operation.too_old", _("Too old to be asked again safely: look it up at the provider."))
