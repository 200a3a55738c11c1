"""An endpoint's page offers what changes something."""

import re

import pytest
from django.test import Client

from tests.shop.http.admin_pages import page_url, signed_in, superuser
from webhooks.models.endpoint import DisabledReason, Endpoint, EndpointState
from webhooks.services.save_endpoint import create_endpoint


@pytest.mark.django_db
@pytest.mark.parametrize("is_off", [False, True])
def test_of_disable_and_enable_one_is_offered(is_off: bool) -> None:
    boss = superuser()
    endpoint, _secret = create_endpoint(owner=boss, url="https://hooks.example.com/", types=["*"])
    if is_off:
        off = {"state": EndpointState.DISABLED, "disabled_reason": DisabledReason.BY_HAND}
        Endpoint.objects.filter(pk=endpoint.pk).update(**off)

    page = _page_of(signed_in(boss), endpoint)

    assert set(re.findall(r"/(disable|enable)[/\"]", page)) == {"enable" if is_off else "disable"}


def _page_of(client: Client, endpoint: Endpoint) -> str:
    return client.get(page_url(endpoint)).content.decode()
