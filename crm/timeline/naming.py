"""Who is told of a note that names them by @, and by what name: docs/decisions/comments.md."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q

from catalog.seller_access import sellers_of
from users.access.ownership import learn_record_access, may_see
from users.models.customer import Customer
from users.models.user import User

_NAMED = re.compile(r"(?<![\w.@])@([\w.+'-]*\w(?:@[\w.-]*\w)?)")
_MOST_NAMED = 20
_MOST_OFFERED = 12  # more would be a wall of buttons; whoever knows the name types it
_MOST_ASKED = 25
_READS_NOTES = "crm.view_activity"


def names_in(text: str) -> set[str]:
    """What stands after an @, in lower case."""
    return {name.lower() for name in _NAMED.findall(text)[:_MOST_NAMED]}


def colleagues_named(names: set[str]) -> Iterator[User]:
    """Staff who work here; one for each name, and none where two share it."""
    if not names:
        return
    staff = list(User.objects.filter(is_staff=True, is_active=True).order_by("email"))
    for name in sorted(names):
        # "@o'brien" is a name, and "@ann's" is Ann with something of hers.
        found = _called(name, staff) or _called(name.rpartition("'")[0], staff)
        if len(found) == 1:
            yield found[0]


def _called(name: str, staff: list[User]) -> list[User]:
    return [user for user in staff if name in (user.email.lower(), _short(user.email))]


def may_read_notes(user: Any) -> bool:
    """Whether they read what colleagues tell each other; a seller's own people are outside the house."""
    return bool(user.has_perm(_READS_NOTES)) and sellers_of(user) is None


def names_to_offer(author: Any, customer: Customer) -> list[str]:
    """What to type after the @ to tell a colleague of a note about this customer: of those who may see it; none where
    they are many."""
    # Who may what is not asked of thousands: they are offered none anyway.
    staff = list(User.objects.filter(is_staff=True).order_by("email").values_list("pk", flat=True)[: _MOST_ASKED + 1])
    if len(staff) > _MOST_ASKED:
        return []
    readers = ModelBackend().with_perm(_READS_NOTES).filter(pk__in=staff).exclude(pk=author.pk)
    colleagues = list(readers.order_by("email")[: _MOST_OFFERED + 1])
    if len(colleagues) > _MOST_OFFERED:
        return []
    learn_record_access(colleagues)
    emails = [user.email for user in colleagues if sellers_of(user) is None and may_see(user, customer)]
    shared = _shared_names(emails)
    names = [email if _short(email) in shared else _short(email) for email in emails]
    return [name for name in names if _NAMED.fullmatch(f"@{name}")]


def _shared_names(emails: list[str]) -> set[str]:
    """Of these addresses, what stands before the @ of another colleague's, too."""
    begins = Q()
    for email in emails:
        begins |= Q(email__startswith=f"{_short(email)}@")
    staff = User.objects.filter(begins, is_staff=True, is_active=True) if emails else User.objects.none()
    known = Counter(_short(email) for email in staff.values_list("email", flat=True))
    return {name for name, times in known.items() if times > 1}


def _short(email: str) -> str:
    return email.lower().partition("@")[0]
