"""How a line stands on the page."""

import pytest
from fpdf.enums import TextDirection

from shared.pdf.reading_order import runs_of

LEFT, RIGHT = TextDirection.LTR, TextDirection.RTL


@pytest.mark.parametrize(
    ("line", "runs"),
    [
        ("Чай 12 AB", [("Чай 12 AB", LEFT)]),
        ("王小明", [("王小明", LEFT)]),
        # Digits of a name stand at its left, where its reader comes to them last.
        ("Note: דוד 12 AB", [("Note: 12", LEFT), ("דוד ", RIGHT), (" AB", LEFT)]),
        ("דוד שלם AB", [("AB", LEFT), ("דוד שלם ", RIGHT)]),
        ("a می\u200cرود", [("a ", LEFT), ("می\u200cرود", RIGHT)]),
    ],
)
def test_a_line_s_parts_stand_from_left_to_right(line: str, runs: list[tuple[str, TextDirection]]) -> None:
    assert runs_of(line) == runs
