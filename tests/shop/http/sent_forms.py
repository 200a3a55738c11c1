"""What a browser without scripts sends of a page's form."""

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from tests.shop.http.answer import Answer

URLENCODED = "application/x-www-form-urlencoded"
Fields = dict[str, list[str]]
_NOT_SENT = {"submit", "button", "file", "image", "reset"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Fields] = []
        self._select: str | None = None
        self._option: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.forms.append({})
        name = given.get("name", "")
        if tag == "input" and name:
            kind = given.get("type", "text")
            is_off = kind in {"checkbox", "radio"} and "checked" not in given
            if kind not in _NOT_SENT and not is_off and "disabled" not in given:
                self._send(name, given.get("value", "on" if kind == "checkbox" else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given and self._select:
            self._send(self._select, given.get("value", ""))
        elif tag == "textarea" and name:
            self._area = name
            self._send(name, "")

    def handle_endtag(self, tag: str) -> None:
        self._select = None if tag == "select" else self._select
        self._area = None if tag == "textarea" else self._area

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            sent = self.forms[-1][self._area]
            sent[-1] += data if sent[-1] else data.removeprefix("\r").removeprefix("\n")

    def _send(self, name: str, value: str) -> None:
        if self.forms:
            self.forms[-1].setdefault(name, []).append(value)


def fields_of(page: Answer) -> Fields:
    """Of the page's form: the one that says what it was opened with, else the largest."""
    reader = _Reader()
    reader.feed(page.content.decode())
    return max(reader.forms, key=lambda form: ("_opened" in form, len(form)))


def opened(client: Client, url: str) -> Fields:
    page = client.get(url)
    assert page.status_code == 200, (url, page.status_code)
    return fields_of(page)


def save(client: Client, url: str, fields: Fields, **changed: Any) -> Answer:
    """Send the form with some of its fields changed; None leaves a field out."""
    sent = {**fields, **{name: [value] for name, value in changed.items() if value is not None}}
    kept = {name: values for name, values in sent.items() if changed.get(name, "") is not None}
    return client.post(url, urlencode(kept, doseq=True), URLENCODED)
