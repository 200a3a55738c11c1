"""How much alike two customers are. Plain calculation, so that the nightly job and the look-up of one agree; pg_trgm is
not in every PostgreSQL that Kontor runs on."""

import re
import unicodedata
from typing import Final, NamedTuple
from uuid import UUID

from crm.models.duplicate_pair import PairReason

# How likely each reason alone makes it, in per cent. A company alone says nothing: it makes names say more.
_WEIGHTS = {
    PairReason.EMAIL: 85,
    PairReason.PHONE: 65,
    PairReason.NAME: 35,
    PairReason.SIMILAR_NAME: 20,
    PairReason.COMPANY: 40,
}
_SIMILAR = 0.5


class MatchKey(NamedTuple):
    """What is compared of a customer."""

    id: UUID
    name: str
    email: str
    phone_e164: str
    company_id: UUID | None


COMPARED = MatchKey._fields


# As searches do (`kontor_plain` of the database): letters that are no other with a mark, as people type them.
_TYPED: Final = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ŧ": "t",
        "ŋ": "n",
        "\u0131": "i",
    }
)


def name_key(name: str) -> str:
    """The name without case, accents, punctuation and order of words: “Müller, Ann” is “ann muller”."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(char for char in plain if not unicodedata.combining(char)).translate(_TYPED)
    return " ".join(sorted(re.findall(r"\w+", letters)))


def similarity(one: str, other: str) -> float:
    """Of two name keys: the share of three-letter pieces that both have, 0 to 1."""
    a, b = _trigrams(one), _trigrams(other)
    return len(a & b) / len(a | b) if a and b else 0.0


def reasons_of(one: MatchKey, other: MatchKey) -> list[PairReason]:
    """What speaks for the two being one."""
    found = []
    if one.email and one.email.lower() == other.email.lower():
        found.append(PairReason.EMAIL)
    if one.phone_e164 and one.phone_e164 == other.phone_e164:
        found.append(PairReason.PHONE)
    keys = name_key(one.name), name_key(other.name)
    if keys[0] and keys[0] == keys[1]:
        found.append(PairReason.NAME)
    elif similarity(*keys) >= _SIMILAR:
        found.append(PairReason.SIMILAR_NAME)
    if one.company_id is not None and one.company_id == other.company_id:
        found.append(PairReason.COMPANY)
    return found


def score_of(reasons: list[PairReason]) -> int:
    """In per cent; the reasons count as independent of each other. A company counts with a name only."""
    has_name = bool({PairReason.NAME, PairReason.SIMILAR_NAME} & set(reasons))
    doubt = 1.0
    for reason in reasons:
        if reason is not PairReason.COMPANY or has_name:
            doubt *= 1 - _WEIGHTS[reason] / 100
    return round(100 * (1 - doubt))


def _trigrams(key: str) -> set[str]:
    # Padded as pg_trgm does it: the beginning of a word weighs more.
    padded = f"  {key} "
    return {padded[place : place + 3] for place in range(len(padded) - 2)} if key else set()
