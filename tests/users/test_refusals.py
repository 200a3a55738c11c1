"""Refusals of services of people: a second factor that is there, a field that records use."""

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice

from shared.errors import NotFound
from tests.shop.people import CompanyFactory, CustomerFactory, StaffFactory
from users.models.custom_field import CustomField
from users.models.customer import Customer
from users.services.delete_company import delete_company
from users.services.enrol_second_factor import AlreadyEnrolled, begin_enrolment
from users.services.save_custom_field import FieldHasValues, delete_custom_field, save_custom_field

pytestmark = pytest.mark.django_db


def test_a_second_factor_is_not_set_up_beside_another() -> None:
    user = StaffFactory.create()
    first = TOTPDevice.objects.create(user=user, name="Phone", confirmed=True)

    with pytest.raises(AlreadyEnrolled):
        begin_enrolment(user=user)

    assert list(TOTPDevice.objects.filter(user=user)) == [first]


def test_a_field_that_records_use_keeps_its_kind_and_is_not_deleted() -> None:
    field = CustomField.objects.create(model="customer", key="size", label="Size")
    customer = CustomerFactory.create(custom_fields={"size": "L"})
    owners = {"customer": Customer}

    with pytest.raises(FieldHasValues):
        save_custom_field(field_id=field.pk, values={"key": "width"}, owners=owners)
    with pytest.raises(FieldHasValues):
        delete_custom_field(field_id=field.pk, owners=owners)

    field.refresh_from_db()
    customer.refresh_from_db()
    assert (field.key, customer.custom_fields) == ("size", {"size": "L"})


def test_a_company_is_deleted_once_and_its_customers_stay() -> None:
    company = CompanyFactory.create()
    customer = CustomerFactory.create(company=company)

    delete_company(company_id=company.pk)
    with pytest.raises(NotFound):
        delete_company(company_id=company.pk)

    customer.refresh_from_db()
    assert customer.company_id is None
