"""What in a file tells its encoding: words with bytes beyond ASCII, from the whole of it, a bounded number. Pure but
for the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

_PIECE = 256 * 1024
_HIGH = bytes(range(128, 256))
_ASCII = bytes(range(128))
# Bytes that may belong to a sign of two bytes: ASCII from 0x30 on without what stands between cells and words.
_IN_WORD = frozenset(range(0x30, 0x3A)) | frozenset(range(0x40, 0x100))
MAX_WORD = 120
_CONTEXT = 60
# Of every byte so many different words are looked at, and so many words at all: rare bytes count wherever they stand.
_DIFFERENT_WORDS, _WORDS = 50, 2_000


@dataclass(slots=True)
class Evidence:
    """`words`: each with the line around it. `high_bytes`: all that the file has."""

    words: dict[bytes, bytes] = field(default_factory=dict)
    high_bytes: set[int] = field(default_factory=set)


def collect_evidence(file: BinaryIO) -> Evidence:
    """Reads the whole file in pieces; time and memory grow with the file alone, whatever is in it."""
    return _Collector().collect(file)


class _Collector:
    def __init__(self) -> None:
        self.found = Evidence()
        self._different = [0] * 256
        self._seen = [0] * 256
        self._known = _ASCII
        self._wanted: re.Pattern[bytes] | None = re.compile(b"[\x80-\xff]")

    def collect(self, file: BinaryIO) -> Evidence:
        for piece in _whole_lines(file):
            rest = piece.translate(None, self._known)
            if rest:
                self.found.high_bytes |= set(rest)
                self._look_at(piece)
            if self._wanted is None:
                break
        return self.found

    def _look_at(self, piece: bytes) -> None:
        place = 0
        while self._wanted is not None and (match := self._wanted.search(piece, place)):
            begin, end = _bounds_of_word(piece, match.start())
            place = max(end, match.end())
            if match.start() - begin > MAX_WORD:  # nobody knows where a sign of it begins
                self._count_word(match[0], is_new=False)
                continue
            word = piece[begin:end][:MAX_WORD]
            is_new = word not in self.found.words
            if is_new:
                self.found.words[word] = _line_around(piece, begin, end)
            self._count_word(word, is_new=is_new)

    def _count_word(self, word: bytes, *, is_new: bool) -> None:
        is_full = False
        for byte in set(word):
            if byte > 127:
                self._seen[byte] += 1
                self._different[byte] += is_new
                is_full |= self._different[byte] == _DIFFERENT_WORDS or self._seen[byte] == _WORDS
        if is_full:
            full = {b for b in _HIGH if self._different[b] >= _DIFFERENT_WORDS or self._seen[b] >= _WORDS}
            self._known = _ASCII + bytes(full)
            wanted = bytes(set(_HIGH) - full)
            self._wanted = re.compile(b"[" + re.escape(wanted) + b"]") if wanted else None


def _whole_lines(file: BinaryIO) -> Iterator[bytes]:
    """Pieces that end with a line where the lines are not too long."""
    file.seek(0)
    kept = b""
    while piece := file.read(_PIECE):
        kept += piece
        end = max(kept.rfind(b"\n"), kept.rfind(b"\r")) + 1
        if end or len(kept) > 4 * _PIECE:
            yield kept[: end or len(kept)]
            kept = kept[end or len(kept) :]
    yield kept


def _bounds_of_word(piece: bytes, place: int) -> tuple[int, int]:
    begin = place
    while begin and piece[begin - 1] in _IN_WORD and place - begin <= MAX_WORD:
        begin -= 1
    end = place + 1
    while end < len(piece) and piece[end] in _IN_WORD and end - place <= MAX_WORD:
        end += 1
    return begin, end


def _line_around(piece: bytes, begin: int, end: int) -> bytes:
    left = (
        max(
            piece.rfind(b"\n", begin - _CONTEXT if begin > _CONTEXT else 0, begin),
            piece.rfind(b"\r", max(0, begin - _CONTEXT), begin),
        )
        + 1
    )
    ends = [at for at in (piece.find(b"\n", end, end + _CONTEXT), piece.find(b"\r", end, end + _CONTEXT)) if at >= 0]
    # Cut within a line, it begins with the word: a sign of two bytes is never torn.
    return piece[left or begin : min(ends, default=end)]
