"""Who works for which seller."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog.models.seller import Seller
from shared.models.base import BaseModel


class SellerMember(BaseModel):
    """A colleague whose role reaches the orders and stock of their own sellers alone has those of these sellers."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="members", verbose_name=_("seller"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False, verbose_name=_("user")
    )

    class Meta:
        db_table = "catalog_seller_member"
        verbose_name = _("seller member")
        verbose_name_plural = _("seller members")
        constraints = [
            # Its index also serves: the sellers of a user.
            models.UniqueConstraint(fields=["user", "seller"], name="seller_member_once"),
        ]

    def __str__(self) -> str:
        return gettext("%(user)s for %(seller)s") % {"user": self.user, "seller": self.seller}
