"""Two tabs renew one set of backup codes."""

import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import transaction
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken

from tests.shop.database.races import Queue
from tests.shop.http.admin_pages import superuser
from tests.users.test_second_factor import CODE, enrol, enter_password
from users.models.user import User


@pytest.mark.django_db(transaction=True)
def test_backup_codes_renewed_twice_at_once_are_one_set() -> None:
    user = superuser()
    old = enrol(user)
    client = Client()
    enter_password(client)
    client.post(CODE, {"code": old[0]})

    def renew(code: str) -> list[str]:
        page = Client(headers={"cookie": f"sessionid={client.cookies['sessionid'].value}"}).post(
            "/admin/security/backup-codes/", {"code": code}
        )
        return re.findall(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>", page.content.decode())

    with ThreadPoolExecutor(2) as pool:
        queue = Queue(pool)
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            for code in old[1:3]:
                queue.start(partial(renew, code))

    assert StaticDevice.objects.filter(user=user).count() == 1
    assert StaticToken.objects.count() == 10
    last = queue.outcomes()[1]
    assert len(last) == 10
