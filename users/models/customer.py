"""Who buys."""

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shared.models.address import AddressBookField, address_book_checks
from shared.models.base import TimestampedModel
from shared.models.metadata import MetadataField, metadata_checks
from shared.planner.folding import Fold
from shared.planner.word_search import WordIndex
from shared.planner.words import Words, words_index
from shared.text.fields import EmailAddressField
from shared.text.phone import NormalizedPhoneField
from shared.text.tax_number import TaxNumberField, tax_number_check
from users.models.company import Company
from users.models.customer_group import CustomerGroup
from users.models.language import Language
from users.models.tag import Tag

CUSTOMER_WORDS = Words("name", "email", phone=("phone_e164", "phone"))


class LiveCustomers(models.Manager["Customer"]):
    """Without deleted ones."""

    def get_queryset(self) -> models.QuerySet["Customer"]:
        return super().get_queryset().filter(deleted_at__isnull=True)


class Customer(TimestampedModel):
    """A person who buys; may belong to a company and may have a login.

    E-mail addresses are not unique here: two people may share one, and duplicates are found and merged by staff.
    `objects` leaves out deleted customers; `everyone` has them, for what outlives a customer: orders and the law.
    """

    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=200)
    email = EmailAddressField(_("e-mail"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    phone_e164 = NormalizedPhoneField(
        of="phone", help_text=_("The phone number in international form."), verbose_name=_("phone e164")
    )
    address = models.TextField(
        _("address"),
        blank=True,
        db_default="",
        max_length=1000,
        help_text=_("Where goods and invoices go, as a text; of a customer with addresses it follows these."),
    )
    addresses = AddressBookField(_("addresses"))
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=Language.choices,
        default=Language.ENGLISH,
        db_default="en",
        help_text=_("Of our e-mails."),
    )
    company = models.ForeignKey(
        Company,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="customers",
        db_index=False,
        verbose_name=_("company"),
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="customer",
        verbose_name=_("login"),
        help_text=_("The login that acts as this customer over the API; empty for a customer that only staff serve."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text=_("The colleague who looks after the customer."),
        verbose_name=_("owner"),
    )
    group = models.ForeignKey(
        CustomerGroup,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="customers",
        db_index=False,
        verbose_name=_("group"),
        help_text=_("Prices, coupons and payment deadlines may depend on it."),
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "ISO code, e.g. UA: taxes and shipping of orders that name no country, of customers without a default "
            "delivery address."
        ),
    )
    tax_number = TaxNumberField(
        _("tax number"), help_text=_("On documents, e.g. the VAT ID of a business; empty: the company's.")
    )
    custom_fields = models.JSONField(
        _("custom fields"), default=dict, db_default={}, blank=True, help_text=_("Values of the shop's own fields.")
    )
    metadata = MetadataField()
    erased_at = models.DateTimeField(
        _("erased at"), null=True, blank=True, editable=False, help_text=_("When the person's data was erased.")
    )
    deleted_at = models.DateTimeField(
        _("deleted at"), null=True, blank=True, editable=False, help_text=_("Hidden since then; it can be restored.")
    )
    tags = models.ManyToManyField(
        Tag, blank=True, related_name="customers", db_table="users_customer_tag", verbose_name=_("tags")
    )

    objects = LiveCustomers()
    everyone: models.Manager["Customer"] = models.Manager()

    class Meta:
        db_table = "users_customer"
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["-id"]
        indexes = [
            # serves: a company's customers newest first
            models.Index(fields=["company", "-id"], name="customer_company"),
            # serves: a colleague's customers newest first
            models.Index(fields=["owner", "-id"], condition=Q(owner__isnull=False), name="customer_owner"),
            # serves: a group's customers newest first
            models.Index(fields=["group", "-id"], condition=Q(group__isnull=False), name="customer_of_group"),
            # serves: what is deleted, the latest first
            models.Index(fields=["-deleted_at", "-id"], condition=Q(deleted_at__isnull=False), name="customer_deleted"),
            # serves: the same number written in another way
            models.Index(fields=["phone_e164"], condition=~Q(phone_e164=""), name="customer_phone_e164"),
            # serves: search and autocomplete by words, and by the last digits of the phone number
            words_index(CUSTOMER_WORDS, "customer_words"),
            # serve: search and autocomplete by the beginning of name, e-mail or phone
            models.Index(OpClass(Fold("name"), name="text_pattern_ops"), name="customer_name_folded"),
            models.Index(OpClass(Lower("email"), name="text_pattern_ops"), name="customer_email_prefix"),
            models.Index(fields=["phone"], opclasses=["varchar_pattern_ops"], name="customer_phone_prefix"),
            # serves: whose tax number it is, or begins so
            models.Index(
                fields=["tax_number"],
                opclasses=["varchar_pattern_ops"],
                condition=~Q(tax_number=""),
                name="customer_tax_number_begins",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(language__in=Language.values), name="customer_language_known"),
            models.CheckConstraint(condition=Q(country__regex=r"^([A-Z]{2})?$"), name="customer_country_code"),
            tax_number_check("customer_tax_number_is_plain"),
            *metadata_checks("customer"),
            *address_book_checks("addresses", "customer"),
        ]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


CUSTOMERS_BY_WORDS = WordIndex(Customer, "customer_words", CUSTOMER_WORDS)
