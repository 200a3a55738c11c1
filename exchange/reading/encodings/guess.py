"""Which encoding a file is in: by the whole of it, and only if no other one reads it nearly as well.

Every encoding's reading of the words is weighed by how common its letters are in a language of that encoding; small
before capital letters, two scripts in a word and signs within a word weigh against it. When another reading comes
close and differs, nobody but the file's owner knows: both are kept as doubts, each with lines that differ.
"""

import codecs
import io
from collections.abc import Iterable
from typing import BinaryIO, NamedTuple

from django.utils.translation import gettext as _

from exchange.batches import batches
from exchange.reading.encodings.evidence import Evidence, collect_evidence
from exchange.reading.encodings.known import BOMS, codec_of
from exchange.reading.encodings.letters import RARE_LANGUAGES, USES
from exchange.reading.encodings.score import weight_of
from exchange.reading.table import Doubt, Unreadable

_PIECE = 1024 * 1024
_MARGIN = 5.0  # 150 to 1
_WIDE_MARGIN = 15.0  # where even the best reading has what no language has
_HOPELESS = 60.0
_OTHER_LANGUAGE = 2.5
_BATCH = 300
_SHOWN_LINES, _SHOWN_READINGS = 4, 5
_OF_SEVERAL_BYTES = frozenset({"shift_jis", "euc-jp", "gb18030", "big5", "euc-kr"})


class Guess(NamedTuple):
    encoding: str
    doubts: list[Doubt]


def guess_encoding(file: BinaryIO) -> Guess:
    """Raises Unreadable for what is no text, or text of two encodings."""
    file.seek(0)
    begins = file.read(4)
    for bom, encoding in BOMS.items():
        if begins.startswith(bom):
            return Guess(encoding, [])
    of_two_bytes = _utf16_without_mark(file)
    if of_two_bytes:
        return Guess(of_two_bytes, [])
    first_bad = _first_fault(file, "utf-8")
    if first_bad is None:
        return Guess("utf-8-sig", [])
    evidence = collect_evidence(file)
    _refuse_torn_utf8(file, evidence, first_bad)
    return _weigh_encodings(file, evidence)


def _utf16_without_mark(file: BinaryIO) -> str:
    """UTF-16 shows by its zeros: those of commas, digits and line ends stand at every second place."""
    zeros, size = [0, 0], 0
    file.seek(0)
    while piece := file.read(_PIECE):
        zeros[0] += piece[::2].count(0)
        zeros[1] += piece[1::2].count(0)
        size += len(piece)
    if not sum(zeros) or sum(zeros) * 100 < size:
        return ""
    encoding = "utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"
    if max(zeros) < 0.98 * sum(zeros) or _first_fault(file, encoding) is not None:
        if sum(zeros) * 10 < size:
            return ""
        raise Unreadable(_("The file is not text. Save it as CSV or XLSX."))
    return encoding


def _first_fault(file: BinaryIO, encoding: str) -> int | None:
    """The place of the first byte that is not text in the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    place = 0
    try:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
            place += len(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return max(0, place + error.start)
    return None


def _refuse_torn_utf8(file: BinaryIO, evidence: Evidence, first_bad: int) -> None:
    """Files of two encodings that were joined: no encoding reads all of it."""
    good = sum(_is_text(word, "utf-8") for word in evidence.words)
    if good < 3 or good < 0.8 * len(evidence.words):
        return
    file.seek(0)
    line = 1
    left = first_bad
    while left > 0 and (piece := file.read(min(_PIECE, left))):
        line += piece.count(b"\n")
        left -= len(piece)
    text = _("The file is UTF-8, but line %(line)s is not. Correct that line, or save the whole file anew.")
    raise Unreadable(text % {"line": line})


def _is_text(word: bytes, encoding: str) -> bool:
    try:
        word.decode(codec_of(encoding))
    except UnicodeDecodeError:
        return False
    return True


def _weigh_encodings(file: BinaryIO, evidence: Evidence) -> Guess:
    names = [
        name
        for name in USES
        if (
            _first_fault(file, codec_of(name)) is None
            if name in _OF_SEVERAL_BYTES
            else _is_text(bytes(evidence.high_bytes), name)
        )
    ]
    scores = _best_scores(evidence, names)
    if not scores:
        raise Unreadable(_("The file is not text in any encoding that we know. Save it as UTF-8 or XLSX."))
    best, *others = sorted(scores, key=lambda name: -scores[name].total)
    is_odd = not evidence.words or scores[best].odd * 10 > len(evidence.words)
    margin = _WIDE_MARGIN if is_odd else _MARGIN
    near = [best] + [name for name in others if scores[best].total - scores[name].total < margin]
    readings: dict[tuple[str, ...], str] = {}
    for name in near:
        readings.setdefault(_decode_lines(evidence.words, name), name)
    if len(readings) == 1 and not is_odd:
        return Guess(best, [])
    return Guess(best, _doubts_between(evidence, list(readings.values())[:_SHOWN_READINGS]))


class _Score:
    """A file is in one language, mostly: words of another one cost more."""

    def __init__(self, name: str) -> None:
        languages, self._rarity = USES[name]
        self._name = name
        self._sums = [-RARE_LANGUAGES.get(language, 0.0) for language in languages]
        self.odd = 0

    def add(self, words: Iterable[bytes]) -> None:
        for word in words:
            weights, is_odd = weight_of(word, self._name)
            other = max(weights) - _OTHER_LANGUAGE
            self._sums = [total + max(weight, other) for total, weight in zip(self._sums, weights, strict=True)]
            self.odd += is_odd

    @property
    def total(self) -> float:
        return max(self._sums) - self._rarity


def _best_scores(evidence: Evidence, names: Iterable[str]) -> dict[str, _Score]:
    """Of those that are not far behind the best."""
    scores = {name: _Score(name) for name in names}
    words = list(evidence.words)
    for some in batches(words, _BATCH):
        for score in scores.values():
            score.add(some)
        best = max((score.total for score in scores.values()), default=0.0)
        scores = {name: score for name, score in scores.items() if best - score.total < _HOPELESS}
    return scores


def _decode_lines(lines: Iterable[bytes], name: str) -> tuple[str, ...]:
    return tuple(line.decode(codec_of(name), "replace") for line in lines)


def _doubts_between(evidence: Evidence, names: list[str]) -> list[Doubt]:
    lines = list(dict.fromkeys(evidence.words.values()))
    differing = [line for line in lines if len({_decode_lines([line], name) for name in names}) > 1][:_SHOWN_LINES]
    return [
        Doubt(
            name,
            [text.replace("\0", "\ufffd")[:120] for text in _decode_lines(differing or lines[:_SHOWN_LINES], name)],
        )
        for name in names
    ]


def sample_text(file: BinaryIO, encoding: str, size: int) -> str:
    """The beginning of the file as text."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(codec_of(encoding))("replace")
    text = decoder.decode(file.read(size))
    file.seek(0, io.SEEK_SET)
    return text.removeprefix("\ufeff")
