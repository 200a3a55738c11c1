"""The demo shop's e-mails that are written often, in both languages of its customers."""

# ruff: noqa: RUF001 - Ukrainian has letters that look like Latin ones

from datetime import datetime

from crm.demo.rows import insert
from crm.models.email import EmailTemplate
from users.models.language import Language

# Name, language, subject, text, whether it is marketing.
_TEMPLATES = (
    (
        "Thank you for the order",
        Language.ENGLISH,
        "Thank you for your order, {{ customer.first_name }}",
        "Dear {{ customer.name }},\n\nthank you for your order. We pack it with care and write again once it is on its"
        " way. If anything is unclear, just reply to this e-mail.\n\nKind regards\n{{ sender.name }}",
        False,
    ),
    (
        "Thank you for the order",
        Language.UKRAINIAN,
        "Дякуємо за замовлення, {{ customer.first_name }}",
        "Вітаємо, {{ customer.name }}!\n\nДякуємо за замовлення. Ми дбайливо його запакуємо й напишемо, щойно воно"
        " вирушить у дорогу. Якщо маєте запитання, просто дайте відповідь на цей лист.\n\nЗ повагою\n{{ sender.name }}",
        False,
    ),
    (
        "News of the season",
        Language.ENGLISH,
        "New in our shop",
        "Dear {{ customer.name }},\n\nnew goods have arrived{% if company.name %}, some of them made for offices like"
        " that of {{ company.name }}{% endif %}. May we send you our list?\n\nKind regards\n{{ sender.name }}",
        True,
    ),
    (
        "News of the season",
        Language.UKRAINIAN,
        "Новинки в нашій крамниці",
        "Вітаємо, {{ customer.name }}!\n\nДо нас надійшли нові товари{% if company.name %}, серед них і для таких"
        " офісів, як у компанії {{ company.name }}{% endif %}. Надіслати вам наш перелік?\n\nЗ повагою\n"
        "{{ sender.name }}",
        True,
    ),
)


def make_email_templates(*, at: datetime) -> None:
    """Two templates, each in English and Ukrainian. 2 statements."""
    insert(
        EmailTemplate,
        [
            EmailTemplate(
                name=name, language=language, subject=subject, body=body, is_marketing=is_marketing, created_at=at
            )
            for name, language, subject, body, is_marketing in _TEMPLATES
        ],
    )
