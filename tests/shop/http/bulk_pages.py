"""Many rows of a list changed at once, as staff do it."""

from typing import Any

from django.db.models import Model
from django.test import Client

from tests.shop.http.admin_pages import hidden, list_url, text_of
from tests.shop.http.answer import Answer


def ask(client: Client, action: str, *rows: Model, across: bool = False, query: str = "") -> Answer:
    """Choose rows on their list and an action for them."""
    chosen = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return client.post(
        f"{list_url(type(rows[0]))}{query}", {**chosen, "select_across": "1" if across else "0"}, follow=True
    )


def change(client: Client, action: str, *rows: Model, **values: Any) -> str:
    """The same, confirmed with these values; what the list says afterwards."""
    page = ask(client, action, *rows)
    url = f"/admin/bulk/{type(rows[0])._meta.label_lower}/{action}/"
    assert url in page.content.decode()
    sent = {"keys": hidden(page, "keys"), "back": hidden(page, "back"), **values}
    return text_of(client.post(url, sent, follow=True))
