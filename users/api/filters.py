"""What lists of people can be narrowed by."""

import django_filters as filters
from django.db.models import QuerySet

from shared.api.filtering import TrueOrFalse, WordsFilter, begins_with
from shared.planner.word_search import with_words
from shared.text.tax_number import LONGEST_TYPED
from users.models.company import COMPANIES_BY_WORDS
from users.models.customer import CUSTOMERS_BY_WORDS, Customer
from users.models.user import User
from users.queries import begins_tax_number, with_tax_number

_OWN_NUMBER = "Its own tax number, whole; blanks, dots, dashes and capitals do not matter."


class _BuyerSearch(WordsFilter):
    """By the beginning of a tax number, too."""

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        return with_words(qs, self.index, value, begins_tax_number(value)) if value else qs


class CustomerFilters(filters.FilterSet):
    email = filters.CharFilter(field_name="email", lookup_expr="iexact")
    name = filters.CharFilter(method="by_name", help_text="How the name begins, in upper or lower case.")
    search = _BuyerSearch(
        CUSTOMERS_BY_WORDS,
        "Words of name and e-mail address by their beginning, accents and case aside; or a phone's last digits (≥ 4), "
        "or its own tax number's first characters (≥ 4).",
    )
    tax_number = filters.CharFilter(method="by_tax_number", help_text=_OWN_NUMBER, max_length=LONGEST_TYPED)
    company = filters.UUIDFilter(field_name="company_id")
    user = filters.UUIDFilter(field_name="user_id")
    tag = filters.CharFilter(field_name="tags__name", lookup_expr="iexact")
    created_after = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")

    class Meta:
        model = Customer
        fields: list[str] = []

    def by_name(self, rows: QuerySet, _: str, value: str) -> QuerySet:
        return begins_with(rows, "name", value)

    def by_tax_number(self, rows: QuerySet, _: str, value: str) -> QuerySet:
        return with_tax_number(rows, value)


class CompanyFilters(filters.FilterSet):
    search = _BuyerSearch(
        COMPANIES_BY_WORDS,
        "Words of the name by their beginning, accents and case aside; or a phone's last digits (≥ 4), or its own tax "
        "number's first characters (≥ 4).",
    )
    name = filters.CharFilter(method="by_name", help_text="How the name begins, in upper or lower case.")
    tax_number = filters.CharFilter(method="by_tax_number", help_text=_OWN_NUMBER, max_length=LONGEST_TYPED)

    def by_name(self, rows: QuerySet, _: str, value: str) -> QuerySet:
        return begins_with(rows, "name", value)

    def by_tax_number(self, rows: QuerySet, _: str, value: str) -> QuerySet:
        return with_tax_number(rows, value)


class UserFilters(filters.FilterSet):
    email = filters.CharFilter(field_name="email", method="by_email")
    is_active = TrueOrFalse()
    is_staff = TrueOrFalse()

    class Meta:
        model = User
        fields: list[str] = []

    def by_email(self, rows: QuerySet, _: str, value: str) -> QuerySet:
        return rows.filter(email=value.lower())
