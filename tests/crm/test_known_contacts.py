"""Whoever writes down a customer is told of another one with the same address or number."""

import pytest

from tests.shop.http.admin_pages import add_url, page_url, signed_in, superuser, text_of
from tests.shop.http.sent_forms import fields_of
from tests.shop.people import CustomerFactory
from users.models.customer import Customer

SAID = "There is a customer with this e-mail address or phone number already:"


@pytest.mark.django_db
def test_a_known_address_is_told_on_saving_with_a_link() -> None:
    boss, known = signed_in(superuser()), CustomerFactory.create(name="Ann Bell", email="ann@bell.example")
    CustomerFactory.create(name="Ann Bell", email="another@bell.example")
    form = fields_of(boss.get(add_url(Customer)))

    twin = boss.post(add_url(Customer), {**form, "name": "A. B.", "email": "ANN@bell.example"}, follow=True)
    other = boss.post(add_url(Customer), {**form, "name": "Bob", "email": "bob@bell.example"}, follow=True)

    assert f"{SAID} Ann Bell" in text_of(twin)
    assert f'href="{page_url(known, "page")}"' in twin.content.decode()
    assert Customer.objects.count() == 4, "both are saved"
    assert SAID not in text_of(other)
