"""The shop itself: one row that says who sells here."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from shared.models.base import TimestampedModel
from shared.money.amounts import CurrencyField
from shared.text.fields import EmailAddressField

ADDRESS_LINES = 3
NO_NAME = "Kontor"  # what stands where the shop's name would, until it has one


class Shop(TimestampedModel):
    """Documents that were issued keep what they say: they hold a copy of this."""

    name = models.CharField(
        _("name"), max_length=120, blank=True, default="", help_text=_("As customers know it: on pages and in e-mails.")
    )
    legal_name = models.CharField(
        _("legal name"), max_length=200, blank=True, default="", help_text=_("On documents; empty: the name.")
    )
    address_lines = ArrayField(
        models.CharField(max_length=100),
        size=ADDRESS_LINES,
        blank=True,
        default=list,
        verbose_name=_("street and number"),
        help_text=_("Up to three lines."),
    )
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True, default="")
    city = models.CharField(_("city"), max_length=100, blank=True, default="")
    region = models.CharField(_("region"), max_length=100, blank=True, default="")
    country = models.CharField(
        _("country"), max_length=2, blank=True, default="", help_text=_("ISO 3166 code, e.g. DE.")
    )
    tax_number = models.CharField(
        _("tax number"),
        max_length=40,
        blank=True,
        default="",
        help_text=_("For invoices, e.g. the VAT ID."),
    )
    registration_number = models.CharField(
        _("registration"), max_length=120, blank=True, default="", help_text=_("Register and number of the company.")
    )
    email = EmailAddressField(_("e-mail"), blank=True, default="")
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    currency = CurrencyField(_("currency"), help_text=_("Of whatever names none; prices that are there keep theirs."))
    time_zone = models.CharField(_("time zone"), max_length=64, help_text=_("Whose days and hours the shop's are."))
    phone_region = models.CharField(
        _("phone region"), max_length=2, help_text=_("ISO 3166 code: of numbers written without a country code.")
    )
    payment_terms = models.CharField(
        _("payment terms"), max_length=500, blank=True, default="", help_text=_("On quotes and invoices.")
    )
    invoice_footer = models.TextField(_("invoice footer"), max_length=1_000, blank=True, default="")
    logo = models.CharField(_("logo"), max_length=80, blank=True, default="", db_default="", editable=False)
    is_checklist_dismissed = models.BooleanField(
        _("first steps are dismissed"), default=False, db_default=False, editable=False
    )
    mail_worked_at = models.DateTimeField(_("a test e-mail was sent at"), null=True, editable=False)
    demo_loaded_at = models.DateTimeField(_("the demo shop was loaded at"), null=True, editable=False)
    demo_removal_began_at = models.DateTimeField(_("its removal began at"), null=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, db_default=1, editable=False)

    class Meta:
        db_table = "shop_shop"
        verbose_name = _("shop")
        verbose_name_plural = _("shop")
        constraints = [
            models.UniqueConstraint(Value(1), name="shop_is_one"),
            models.CheckConstraint(condition=Q(country__regex=r"^([A-Z]{2})?$"), name="shop_country_code"),
            models.CheckConstraint(condition=Q(phone_region__regex=r"^[A-Z]{2}$"), name="shop_phone_region_code"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="shop_currency_code"),
            models.CheckConstraint(condition=~Q(time_zone=""), name="shop_has_a_time_zone"),
            # It is in the From of every e-mail.
            models.CheckConstraint(condition=~Q(name__regex=r"[\x01-\x1f\x7f]"), name="shop_name_on_one_line"),
        ]

    def __str__(self) -> str:
        return self.name or NO_NAME
