"""The audit reads everything, and nothing over and over."""

import pytest

from tests.database.books import audit_text
from tests.database.conftest import repeatable_read  # noqa: F401 - a fixture
from tests.database.full_tables.conftest import ROWS
from tests.database.full_tables.measured import Measured

pytestmark = pytest.mark.long


def test_the_audit_reads_each_row_a_few_times(full_shop: None, repeatable_read: None, db: None) -> None:  # noqa: F811
    measured = Measured(once=True)

    measured.run(lambda: audit_text("--json"))

    assert measured.above(30 * ROWS) == []
