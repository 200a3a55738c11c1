"""Colleagues who save the same form of the admin at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import transaction

from tests.shop.database.races import Queue, answers_together
from tests.shop.http.admin_pages import page_url, signed_in, superuser
from tests.shop.http.sent_forms import fields_of, opened, save
from users.models.customer import Customer

pytestmark = pytest.mark.usefixtures("transactional_db")


def a_customer() -> Customer:
    return Customer.objects.create(name="Two Forms", email="two@example.com", phone="+49301")


def test_a_change_that_commits_while_a_form_is_being_saved_is_seen() -> None:
    customer, client = a_customer(), signed_in(superuser())
    url = page_url(customer)
    fields = opened(client, url)

    with ThreadPoolExecutor(2) as pool:
        queue = Queue(pool)
        with transaction.atomic():
            Customer.objects.filter(pk=customer.pk).update(phone="+493022")
            queue.start(partial(save, client, url, fields, name="Two Forms B"))
        (said,) = queue.outcomes()

    assert said.status_code == 302
    customer.refresh_from_db()
    assert (customer.name, customer.phone) == ("Two Forms B", "+493022")


def test_of_several_saves_at_once_each_is_kept_or_asked() -> None:
    customer = a_customer()
    url = page_url(customer)
    clients = [signed_in(superuser(f"colleague{number}@example.com")) for number in range(4)]
    works = [
        partial(save, client, url, opened(client, url), phone=f"+4940{number}")
        for number, client in enumerate(clients, 1)
    ]

    answers = answers_together(*works)

    assert sorted(answer.status_code for answer in answers) == [302, 409, 409, 409]
    customer.refresh_from_db()
    winner = next(number for number, answer in enumerate(answers, 1) if answer.status_code == 302)
    assert customer.phone == f"+4940{winner}"
    typed = {fields_of(answer)["phone"][0] for answer in answers if answer.status_code == 409}
    assert len(typed) == 3, "what the others typed is still in their forms"
