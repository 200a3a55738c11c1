"""An e-mail to a customer is written from a template, sent once by a job over real SMTP, and told in the timeline."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from config.environment.email_url import email_settings
from crm.mail.text import check_text, fill_in
from crm.models.activity import Activity
from crm.models.email import Email, EmailTemplate
from crm.services.mail.send_email import send_email
from crm.services.mail.write_email import NoConsent, write_email
from shared.actor import SYSTEM
from shared.background.mail_faults import MailDelayed
from shared.errors import InvalidInput
from tests.shop.http.admin_pages import add_url, hidden, page_url, signed_in, superuser, text_of
from tests.shop.http.answer import Answer
from tests.shop.people import CompanyFactory, CustomerFactory, StaffFactory
from tests.shop.servers.processes import run_once
from tests.shop.servers.smtp_server import Letters, mail_server
from users.models.consent import Consent
from users.models.customer import Customer


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


@pytest.fixture
def letters() -> Iterator[Letters]:
    with mail_server() as there:
        yield there


@pytest.fixture
def ann(db: None) -> Customer:
    return CustomerFactory.create(
        name="Ann Bell", email="ann@bell.example", company=CompanyFactory.create(name="Bell & Sons")
    )


def template(**fields: Any) -> EmailTemplate:
    body = "Dear {{ customer.first_name }},{% if company.name %} {{ company.name }}{% endif %}\n{{ sender.email }}"
    texts = {"name": "Thanks", "subject": "Thank you, {{ customer.name }}", "body": body}
    return EmailTemplate.objects.create(**{**texts, **fields})


def compose_url(customer: Customer) -> str:
    return reverse("admin:customer_email", args=[customer.pk])


def send(client: Client, customer: Customer, **fields: Any) -> Answer:
    page = client.get(compose_url(customer))
    sent = {"key": hidden(page, "key"), "subject": "Hello", "body": "Good day.", "is_logged": "on", "send": "1"}
    return client.post(compose_url(customer), {**sent, **fields}, follow=True)


def written(customer: Customer, **fields: Any) -> Email:
    return write_email(customer_id=customer.pk, subject="Hello", body="Good day.", actor=SYSTEM, **fields)


def test_a_template_is_filled_in_edited_sent_and_told(boss: Client, ann: Customer, letters: Letters) -> None:
    thanks = template()

    page = boss.get(compose_url(ann), {"template": str(thanks.pk)})
    assert "Dear Ann, Bell &amp; Sons" in page.content.decode()
    told = send(boss, ann, template=thanks.pk, subject="Thank you, Ann Bell", body="Dear Ann,\n.\nyours")

    assert "on its way" in text_of(told)
    email = Email.objects.get()
    assert (email.status, email.to, email.template) == ("queued", "ann@bell.example", thanks)
    assert send_email(email_id=email.pk) == "sent"
    (letter,) = letters.to("ann@bell.example")
    assert letter["Subject"] == "Thank you, Ann Bell"
    assert letter["Message-ID"].startswith(f"<email-{email.pk}@")
    assert letter.get_content().splitlines() == ["Dear Ann,", ".", "yours"]
    entry = Activity.objects.get(kind="email", customer=ann)
    assert (entry.subject, entry.author and entry.author.email) == ("Thank you, Ann Bell", "boss@example.com")


def test_it_may_stay_out_of_the_timeline_and_is_looked_at_first(boss: Client, ann: Customer) -> None:
    page = boss.get(compose_url(ann))
    fields = {"key": hidden(page, "key"), "subject": "Hi {{ customer.first_name }}", "body": "x", "preview": "1"}
    assert "Hi Ann" in text_of(boss.post(compose_url(ann), fields))
    assert not Email.objects.exists()

    send(boss, ann, is_logged="")

    assert Email.objects.get().activity is None
    assert not Activity.objects.exists()


def test_the_same_page_sent_twice_writes_one_e_mail(boss: Client, ann: Customer) -> None:
    key = hidden(boss.get(compose_url(ann)), "key")

    for _ in range(2):
        send(boss, ann, key=key)

    assert Email.objects.count() == 1
    assert ProcrastinateJob.objects.filter(task_name="crm.send_email", args__email_id=key).count() == 1


def test_an_e_mail_that_was_sent_is_never_sent_again(ann: Customer, letters: Letters) -> None:
    email = written(ann)

    assert [send_email(email_id=email.pk) for _ in range(3)] == ["sent", None, None]

    assert len(letters.messages) == 1


def test_nothing_goes_out_when_the_transaction_rolls_back(ann: Customer) -> None:
    with transaction.atomic():
        key = written(ann).pk
        transaction.set_rollback(True)

    assert not Email.objects.exists()
    assert not ProcrastinateJob.objects.filter(args__email_id=str(key)).exists()


def test_a_refused_recipient_fails_with_the_reason_and_can_be_tried_again(
    boss: Client, ann: Customer, letters: Letters
) -> None:
    letters.refusals[ann.email] = "550 5.1.1 no such mailbox"
    email = written(ann)

    assert send_email(email_id=email.pk) == "failed"

    email.refresh_from_db()
    assert email.error == "550 5.1.1 no such mailbox"
    assert Activity.objects.filter(kind="change", subject="E-mail not sent: Hello").count() == 1
    letters.refusals.clear()
    assert "queued again" in text_of(boss.post(page_url(email, "again"), follow=True))
    assert send_email(email_id=email.pk) == "sent"
    assert "is sent" in text_of(boss.post(page_url(email, "again"), follow=True))
    assert len(letters.messages) == 1


@pytest.mark.parametrize("trouble", ["451 later", "421 busy"])
def test_trouble_that_passes_leaves_it_queued_until_the_last_try(ann: Customer, letters: Letters, trouble: str) -> None:
    letters.refusals[ann.email] = trouble
    email = written(ann)

    with pytest.raises(MailDelayed):
        send_email(email_id=email.pk)
    email.refresh_from_db()
    assert email.status == "queued"
    assert send_email(email_id=email.pk, is_last_try=True) == "failed"


def test_a_server_that_is_away_delays(ann: Customer) -> None:
    email = written(ann)

    with mail_server() as there:
        there.greeting = "421 starting"
        with pytest.raises(MailDelayed):
            send_email(email_id=email.pk)


def test_marketing_goes_only_to_those_who_agreed_and_still_do(boss: Client, ann: Customer, letters: Letters) -> None:
    offer = template(is_marketing=True)
    with pytest.raises(NoConsent):
        written(ann, template_id=offer.pk)
    assert "not agreed" in text_of(send(boss, ann, template=offer.pk))

    Consent.objects.create(customer=ann, purpose="marketing_email", is_given=True, source="form")
    email = written(ann, template_id=offer.pk)
    Consent.objects.create(customer=ann, purpose="marketing_email", is_given=False, source="call")

    assert send_email(email_id=email.pk) == "failed"
    email.refresh_from_db()
    assert "withdrawn" in email.error
    assert letters.messages == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("{{ customer.password }}", "no value “customer.password”"),
        ("{{ customer.name.upper }}", "no value “customer.name.upper”"),
        ("{% if secrets %}x{% endif %}", "no value “secrets”"),
        ("{{ today|default:settings }}", "no value “settings”"),
        ("{% load static %}", "load"),
        ("{% include 'admin/base.html' %}", "include"),
        ("{% debug %}", "debug"),
        ("{{ customer.name|ljust:'999999999' }}", "ljust"),
        ("{{ customer.name", None),
        ("{% if company.name %}", "endif"),
    ],
)
def test_a_template_says_nothing_but_its_named_values(boss: Client, body: str, fault: str | None) -> None:
    fields = {"name": "Odd", "language": "en", "subject": "x", "body": body}

    told = text_of(boss.post(add_url(EmailTemplate), fields, follow=True))

    if fault is None:
        assert EmailTemplate.objects.count() == 1
    else:
        assert fault in told
        assert not EmailTemplate.objects.exists()
        with pytest.raises(InvalidInput):
            check_text(body)


def test_a_customers_own_words_are_no_template() -> None:
    assert fill_in("{{ customer.name }}", {"customer.name": "{{ today }}<b>"}) == "{{ today }}<b>"


def test_a_customers_name_is_no_part_of_our_page(boss: Client) -> None:
    customer = CustomerFactory.create(name="</textarea><script>alert(1)</script>")
    named = template(subject="x", body="{{ customer.name }}")

    page = boss.get(compose_url(customer), {"template": str(named.pk)}).content.decode()
    fields = {"key": hidden(boss.get(compose_url(customer)), "key"), "subject": "x", "body": "{{ customer.name }}"}
    preview = boss.post(compose_url(customer), {**fields, "preview": "1"}).content.decode()

    assert "<script>alert" not in page + preview


def test_a_subject_is_one_line_and_texts_have_limits(ann: Customer) -> None:
    email = write_email(customer_id=ann.pk, subject="a\r\nBcc: x@y.example", body="b", actor=SYSTEM)
    assert email.subject == "a Bcc: x@y.example"

    for subject, body in (("", "x"), ("x", " "), ("x" * 201, "x"), ("x", "x" * 20_001), ("\0", "x")):
        with pytest.raises(InvalidInput):
            write_email(customer_id=ann.pk, subject=subject, body=body, actor=SYSTEM)


def test_only_those_who_may_write_e_mails_do(ann: Customer) -> None:
    client = signed_in(StaffFactory.create())

    assert client.get(compose_url(ann)).status_code == 403
    assert client.post(compose_url(ann), {"send": "1"}).status_code == 403


def test_mail_servers_are_named_by_an_address() -> None:
    assert email_settings("", is_prod=False)["EMAIL_BACKEND"].endswith("console.EmailBackend")
    assert email_settings("", is_prod=True)["EMAIL_BACKEND"] == "shared.background.mail.NoMailServer"
    tls = email_settings("smtps://me%40x:p%2Fw@mail.example", is_prod=True)
    assert (tls["EMAIL_PORT"], tls["EMAIL_HOST_USER"], tls["EMAIL_HOST_PASSWORD"]) == (465, "me@x", "p/w")
    assert email_settings("smtp://h?tls=0", is_prod=True)["EMAIL_USE_TLS"] is False
    for bad in ("mail.example", "http://h", "smtp://", "smtp://h:port"):
        with pytest.raises(ImproperlyConfigured):
            email_settings(bad, is_prod=True)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_an_e_mail_once_and_a_real_worker_takes_it_from_the_queue() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")
    email = written(CustomerFactory.create(email="ann@bell.example"))
    done: list[object] = []

    def work() -> None:
        try:
            done.append(send_email(email_id=email.pk))
        finally:
            connection.close()

    with mail_server() as letters:
        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert len(letters.messages) == 1
    assert sorted(map(str, done)) == ["None", "None", "None", "sent"]

    run_once("worker", "--once")

    (job,) = ProcrastinateJob.objects.filter(task_name="crm.send_email")
    assert job.status == "succeeded"
