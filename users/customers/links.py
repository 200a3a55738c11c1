"""What customers and companies may point at, shared by creating and changing them."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from shared.database.errors import AlreadyExists
from shared.errors import InvalidInput, Refusal
from users.models.company import Company
from users.models.customer_group import CustomerGroup
from users.models.user import User

CUSTOMER_CONSTRAINTS: Mapping[str, Callable[[], Refusal]] = {
    "users_customer_user_id_key": lambda: AlreadyExists("/user", gettext("This login is another customer's already.")),
}


def check_links(values: Mapping[str, Any]) -> None:
    """Raises InvalidInput naming every `company_id`, `group_id`, `user_id` and `owner_id` that does not exist. Owners
    are colleagues."""
    faults = []
    if not _is_there(Company, values.get("company_id")):
        faults.append(("/company", "does_not_exist", gettext("There is no such company.")))
    if not _is_there(CustomerGroup, values.get("group_id")):
        faults.append(("/group", "does_not_exist", gettext("There is no such customer group.")))
    if not _is_there(User, values.get("user_id")):
        faults.append(("/user", "does_not_exist", gettext("There is no such user.")))
    owner_id = values.get("owner_id")
    if owner_id is not None and not User.objects.filter(pk=owner_id, is_staff=True).exists():
        faults.append(("/owner", "does_not_exist", gettext("There is no such colleague.")))
    if faults:
        raise InvalidInput(*faults)


def _is_there(model: type[Company] | type[CustomerGroup] | type[User], key: UUID | None) -> bool:
    return key is None or model._default_manager.filter(pk=key).exists()
