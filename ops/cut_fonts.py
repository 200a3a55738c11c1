"""Makes shared/pdf/fonts/scripts anew: the letters that DejaVu Sans, the documents' own font, does not have.

    python -m ops.cut_fonts FOLDER

FOLDER holds, unpacked, Debian's fonts-noto-core, fonts-droid-fallback, fonts-nanum and fonts-dejavu-core, and Noto
Emoji's NotoEmoji_400Regular.ttf. Hints and what no document needs are dropped. The big fonts are cut to pieces, for
loading one costs as much as it has letters; index.json says which piece has a letter.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

OWN = Path(__file__).parent.parent / "shared/pdf/fonts"
MADE = OWN / "scripts"
SCRIPTS = (
    *("Arabic", "Hebrew", "Armenian", "Georgian", "Devanagari", "Bengali", "Gurmukhi", "Gujarati", "Oriya", "Tamil"),
    *("Telugu", "Kannada", "Malayalam", "Sinhala", "Thai", "Lao", "Khmer", "Myanmar", "Ethiopic", "Cherokee"),
    *("Thaana", "Tifinagh", "NKo", "Javanese"),
)
PIECE = 1024  # code points of a piece
# File, the name of its pieces, and the code points taken from it where no font before it has them.
BIG = [
    ("DejaVuSans.ttf", "Symbols", [range(0x250, 0x370), range(0x1D00, 0x1E00), range(0x2000, 0x2C00)]),
    (
        "DroidSansFallbackFull.ttf",
        "Han",
        [range(0x2E80, 0x3131), range(0x3190, 0x3400), range(0x4E00, 0xA000), range(0xF900, 0xFB00)],
    ),
    ("DroidSansFallbackFull.ttf", "Wide", [range(0xFE10, 0xFFDD)]),
    ("NanumGothic.ttf", "Hangul", [range(0x1100, 0x1200), range(0x3131, 0x3190), range(0xAC00, 0xD7A4)]),
    ("NotoEmoji_400Regular.ttf", "Emoji", [range(0x2000, 0x3300), range(0x1F000, 0x1FB00)]),
]


def cut(source: Path, name: str, letters: Iterable[int]) -> None:
    """The new font is named after its use: who made the old one keeps that name for it."""
    options = subset.Options()
    options.hinting = False
    options.notdef_outline = True
    options.layout_features = ["*"]
    options.drop_tables += ["TSI0", "TSI1", "TSI2", "TSI3", "TSI5", "STAT"]
    options.name_IDs = [0, 13, 14]
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    for number, text in ((1, f"Kontor {name}"), (2, "Regular"), (4, f"Kontor {name}"), (6, f"Kontor-{name}")):
        font["name"].setName(text, number, 3, 1, 0x409)
    subset.save_font(font, str(MADE / f"{name}.ttf"), options)


def letters_of(path: Path) -> set[int]:
    return set(TTFont(path).getBestCmap())


def cut_big(path: Path, name: str, wanted: set[int]) -> Iterator[tuple[str, list[int]]]:
    for number, letters in groupby(sorted(wanted), key=lambda letter: letter // PIECE):
        piece = f"{name}{number * PIECE:X}", list(letters)
        cut(path, *piece)
        yield piece


def spans(letters: Iterable[int]) -> list[list[int]]:
    """First and last of each row of letters that follow each other."""
    rows = groupby(enumerate(sorted(letters)), key=lambda place: place[1] - place[0])
    return [[row[0][1], row[-1][1]] for _, each in rows if (row := list(each))]


def main(folder: Path) -> None:
    def found(name: str) -> Path:
        return next(path for path in sorted(folder.rglob(name)) if path.stat().st_size)

    MADE.mkdir(exist_ok=True)
    for old in MADE.glob("*.ttf"):
        old.unlink()
    own = letters_of(OWN / "DejaVuSans.ttf") & letters_of(OWN / "DejaVuSans-Bold.ttf")
    had, index = set(own), {"": spans(own)}
    for script in SCRIPTS:
        source = found(f"NotoSans{script}-Regular.ttf")
        letters = letters_of(source)
        cut(source, script, letters)
        index[script] = spans(letters - had)
        had |= letters
    for file, name, ranges in BIG:
        source = found(file)
        wanted = letters_of(source) & {letter for one in ranges for letter in one} - had
        index |= {piece: spans(letters) for piece, letters in cut_big(source, name, wanted)}
        had |= wanted
    (MADE / "index.json").write_text(json.dumps(index, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
