"""The words that orders' e-mails begin with, until staff change them: (subject, text) in English and Ukrainian.

Migrating writes them into the database once; changing them here changes nothing in a shop that is there.
"""

# ruff: noqa: E501, RUF001 - Ukrainian has letters that look like Latin ones; lines are cut where sentences are

from typing import Final, NamedTuple


class Words(NamedTuple):
    subject_en: str
    body_en: str
    subject_uk: str
    body_uk: str


TEXTS: Final = {
    "confirmation": Words(
        "We have received your order {{ order.number }}",
        "Hello {{ customer.first_name }},\n\nthank you for your order {{ order.number }}:\n\n{{ order.lines }}\n\n"
        "Total: {{ order.total }}\n{% if order.deadline %}\nPlease pay by {{ order.deadline }}: until then the goods "
        "are reserved for you.\n{% endif %}",
        "Ми отримали ваше замовлення {{ order.number }}",
        "Вітаємо, {{ customer.first_name }}!\n\nДякуємо за замовлення {{ order.number }}:\n\n{{ order.lines }}\n\n"
        "Разом: {{ order.total }}\n{% if order.deadline %}\nБудь ласка, сплатіть його до {{ order.deadline }}: доти "
        "товари зарезервовано для вас.\n{% endif %}",
    ),
    "payment_reminder": Words(
        "Your order {{ order.number }} is waiting for payment",
        "Hello {{ customer.first_name }},\n\nwe are holding the goods of your order {{ order.number }} until "
        "{{ order.deadline }}. Please pay {{ order.total }} by then, or the order will be cancelled.\n\nIf you have "
        "paid in the meantime, there is nothing more to do.\n",
        "Замовлення {{ order.number }} очікує на оплату",
        "Вітаємо, {{ customer.first_name }}!\n\nМи тримаємо для вас товари із замовлення {{ order.number }} до "
        "{{ order.deadline }}. Будь ласка, сплатіть {{ order.total }} до цього часу, інакше замовлення буде "
        "скасовано.\n\nЯкщо ви вже сплатили, більше нічого робити не потрібно.\n",
    ),
    "cancelled_by_staff": Words(
        "We had to cancel your order {{ order.number }}",
        "Hello {{ customer.first_name }},\n\nunfortunately we had to cancel your order {{ order.number }}. We are sorry. "
        "If you have paid already, you will get your money back.\n",
        "Нам довелося скасувати замовлення {{ order.number }}",
        "Вітаємо, {{ customer.first_name }}!\n\nНа жаль, нам довелося скасувати ваше замовлення {{ order.number }}. "
        "Просимо вибачення. Якщо ви вже сплатили, ми повернемо вам кошти.\n",
    ),
    "cancelled_by_customer": Words(
        "Your order {{ order.number }} is cancelled",
        "Hello {{ customer.first_name }},\n\nas you asked, we have cancelled your order {{ order.number }}. If you have "
        "paid already, you will get your money back.\n",
        "Замовлення {{ order.number }} скасовано",
        "Вітаємо, {{ customer.first_name }}!\n\nНа ваше прохання ми скасували замовлення {{ order.number }}. Якщо ви вже "
        "сплатили, ми повернемо вам кошти.\n",
    ),
    "timed_out": Words(
        "Your order {{ order.number }} was cancelled: it was not paid in time",
        "Hello {{ customer.first_name }},\n\nyour order {{ order.number }} was not paid in time, so we have cancelled it "
        "and released the goods. You are welcome to order again.\n\nIf your payment is on its way: we will complete the "
        "order if the goods are still there, and return the money if not.\n",
        "Замовлення {{ order.number }} скасовано: його не було вчасно сплачено",
        "Вітаємо, {{ customer.first_name }}!\n\nЗамовлення {{ order.number }} не було вчасно сплачено, тому ми скасували "
        "його, а товари знову доступні для продажу. Будемо раді новому замовленню.\n\nЯкщо ваш платіж уже в дорозі: ми "
        "виконаємо замовлення, якщо товари ще є в наявності, або повернемо вам кошти.\n",
    ),
    "shipped": Words(
        "Your order {{ order.number }} is on its way",
        "Hello {{ customer.first_name }},\n\na parcel of your order {{ order.number }} has left us:\n\n"
        "{{ parcel.lines }}\n{% if parcel.carrier %}\nCarrier: {{ parcel.carrier }}{% endif %}{% if parcel.tracking %}\n"
        "Tracking number: {{ parcel.tracking }}{% endif %}{% if parcel.url %}\n{{ parcel.url }}{% endif %}\n",
        "Замовлення {{ order.number }} вже в дорозі",
        "Вітаємо, {{ customer.first_name }}!\n\nМи відправили посилку із замовлення {{ order.number }}:\n\n"
        "{{ parcel.lines }}\n{% if parcel.carrier %}\nПеревізник: {{ parcel.carrier }}{% endif %}"
        "{% if parcel.tracking %}\nНомер для відстеження: {{ parcel.tracking }}{% endif %}{% if parcel.url %}\n"
        "{{ parcel.url }}{% endif %}\n",
    ),
    "refunded": Words(
        "We have refunded {{ refund.amount }} for your order {{ order.number }}",
        "Hello {{ customer.first_name }},\n\nwe have refunded {{ refund.amount }} for your order {{ order.number }}. "
        "Depending on your bank it may take a few days to arrive.\n",
        "Ми повернули {{ refund.amount }} за замовлення {{ order.number }}",
        "Вітаємо, {{ customer.first_name }}!\n\nМи повернули вам {{ refund.amount }} за замовлення {{ order.number }}. "
        "Залежно від банку кошти можуть надійти протягом кількох днів.\n",
    ),
}
