import pytest

pytest.register_assert_rewrite("tests.contracts.orders.http", "tests.contracts.orders.traces")
