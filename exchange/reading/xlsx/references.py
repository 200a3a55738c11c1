"""Names of cells, columns and rows. Pure."""

from functools import lru_cache


@lru_cache(maxsize=20_000)
def place_of(letters: str) -> int:
    """The place of a column from 0: A is 0, AB is 27. -1: no column."""
    place = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            return -1
        place = place * 26 + ord(letter) - 64
    return place - 1


def column_of(reference: str) -> int:
    """The column of AB12 from 0; -1: no such cell."""
    return place_of(reference.rstrip("0123456789").replace("$", "").upper())


def letters_of(place: int) -> str:
    """The letters of a column: 0 is A."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
