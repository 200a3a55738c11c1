"""Who is told of a note that names them by @, and by what name: docs/decisions/comments.md."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Exists, OuterRef, Q

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
    # "@o'brien" is a name, and "@ann's" is Ann with something of hers.
    spellings = {name: (name, name.rpartition("'")[0]) for name in sorted(names)}
    staff = _staff_called({one for each in spellings.values() for one in each if one})
    for name, owner in spellings.values():
        found = _called(name, staff) or _called(owner, staff)
        if len(found) == 1:
            yield found[0]


def _staff_called(names: set[str]) -> list[User]:
    if not names:
        return []
    called = Q(email__in=names)
    for name in names:
        called |= Q(email__startswith=f"{name}@")
    return list(User.objects.filter(called, is_staff=True, is_active=True).order_by("email"))


def _called(name: str, staff: list[User]) -> list[User]:
    return [user for user in staff if name in (user.email, _short(user.email))]


def may_read_notes(user: Any) -> bool:
    """Whether they read what colleagues tell each other; a seller's own people are outside the house."""
    return bool(user.has_perm(_READS_NOTES)) and sellers_of(user) is None


def names_to_offer(author: Any, customer: Customer) -> list[str]:
    """What to type after the @ to tell a colleague of a note about this customer: of those who may see it; none where
    they are many."""
    # Who may what is not asked of thousands: they are offered none anyway.
    reads = Exists(ModelBackend().with_perm(_READS_NOTES).filter(pk=OuterRef("pk")))
    staff = list(User.objects.filter(is_staff=True).annotate(reads=reads).order_by("email")[: _MOST_ASKED + 1])
    if len(staff) > _MOST_ASKED:
        return []
    colleagues = [user for user in staff if user.reads and user.pk != author.pk]
    if len(colleagues) > _MOST_OFFERED:
        return []
    learn_record_access(colleagues)
    emails = [user.email for user in colleagues if sellers_of(user) is None and may_see(user, customer)]
    known = Counter(_short(user.email) for user in staff if user.is_active)
    names = [email if known[_short(email)] > 1 else _short(email) for email in emails]
    return [name for name in names if _NAMED.fullmatch(f"@{name}")]


def _short(email: str) -> str:
    return email.partition("@")[0]
