"""What the growth of a cost is called, and that its drawing shows every point."""

from xml.etree import ElementTree

import pytest

from benchmarks.growth.curve import Curve, drawn, straight, table


@pytest.mark.parametrize(
    ("points", "shape"),
    [
        pytest.param([(0, 2.0), (100_000, 2.1), (1_000_000, 2.2)], "flat", id="the same, but for noise"),
        pytest.param([(1, 2.0), (10, 4.0), (100, 22.0)], "linear", id="so much for each"),
        pytest.param([(1, 1.0), (100, 10.0), (10_000, 100.0)], "less than linear", id="the root"),
        pytest.param([(1, 1.0), (10, 100.0), (100, 10_000.0)], "more than linear", id="the square"),
        pytest.param([(1, 9.0), (16, 3.0), (64, 2.0)], "falls", id="shared by more"),
    ],
)
def test_a_curve_is_called_by_its_shape(points: list[tuple[float, float]], shape: str) -> None:
    assert Curve("lines", "web", "ms", tuple(points)).shape == shape


def test_a_straight_line_is_found_again() -> None:
    slope, begin = straight([(x, 3 + 0.5 * x) for x in (1, 10, 200)])

    assert (round(slope, 6), round(begin, 6)) == (0.5, 3.0)


def test_each_curve_is_a_row_of_the_table_and_each_unit_a_chart() -> None:
    curves = [
        Curve("lines an order", "web", "ms", ((1, 1.0), (200, 9.0))),
        Curve("lines an order", "database <&>", "ms", ((1, 2.0), (200, 4.0))),
        Curve("lines an order", "WAL", "kB", ((1, 3.0), (200, 1_116.0))),
    ]

    picture = ElementTree.fromstring(drawn("Growth", curves))

    assert table(curves).splitlines()[-1] == "| lines an order | WAL, kB | 1 · 200 | 3 · 1,116 | linear |"
    assert len(picture.findall(".//{*}circle")) == 6
    assert len(picture.findall(".//{*}g")) == 2
