"""The audit reads everything, and nothing over and over."""

import pytest

from tests.full_tables.conftest import ROWS
from tests.full_tables.measured import Measured
from tests.shop.books import audit_text

pytestmark = pytest.mark.long


def test_the_audit_reads_each_row_a_few_times(full_shop: None, repeatable_read: None, db: None) -> None:
    measured = Measured(once=True)

    measured.run(lambda: audit_text("--json"))

    assert measured.above(30 * ROWS) == []
