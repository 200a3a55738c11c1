"""The admin writes master data as REST does: through services. See docs/decisions/one-write-path.md."""

from collections.abc import Iterator

from django.contrib import admin
from django.db.models import Model
from django.test import RequestFactory

from shared.admin.base import ReadOnly
from shared.admin.saving import ServiceAdmin, ServiceRows
from users.models.user import User

PAGE_WRITES = ("save_model", "save_related", "save_formset", "delete_model", "delete_queryset")
# Saved by the page itself, and why.
EXCUSED = {
    "auth.Group": "Django's own form of permissions saves it",
    "users.User": "Django's own forms of logins and passwords save it",
}

# A page of its own asks before it calls the service.
ASKED_FIRST = {"inventory.StockLevel: create_record", "users.Customer: delete_record"}


def writing_admins() -> Iterator[tuple[type[Model], admin.ModelAdmin]]:
    for model, page in admin.site._registry.items():
        if not isinstance(page, ReadOnly):
            yield model, page


def test_every_form_of_the_admin_is_saved_by_services() -> None:
    by_themselves = {
        model._meta.label
        for model, page in writing_admins()
        if any(getattr(type(page), name) is not getattr(ServiceAdmin, name, None) for name in PAGE_WRITES)
    }

    assert by_themselves == set(EXCUSED)


def test_every_table_of_rows_is_saved_by_services_or_only_shown() -> None:
    by_themselves = {
        (model._meta.label, rows.__name__)
        for model, page in writing_admins()
        if model._meta.label not in EXCUSED
        for rows in page.inlines
        if not issubclass(rows, ReadOnly | ServiceRows)
    }

    assert by_themselves == set()


def test_what_a_page_offers_to_write_has_its_service() -> None:
    """Adding, changing, deleting: what no page offers needs none."""
    faults = []
    for model, page in writing_admins():
        if model._meta.label in EXCUSED:
            continue
        offers = {"create_record": "add", "change_record": "change", "delete_record": "delete"}
        faults += [
            f"{model._meta.label}: {hook}"
            for hook, verb in offers.items()
            if _offers(page, verb) and getattr(type(page), hook) is getattr(ServiceAdmin, hook)
        ]

    assert set(faults) == ASKED_FIRST


def _offers(page: admin.ModelAdmin, verb: str) -> bool:
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    return bool(getattr(page, f"has_{verb}_permission")(request))


def test_an_excuse_is_for_a_page_that_there_is() -> None:
    assert set(EXCUSED) <= {model._meta.label for model, _page in writing_admins()}
