import pytest

pytest.register_assert_rewrite("tests.shop")

pytest_plugins = (
    "tests.plugins.bytecode",
    "tests.plugins.garbage",
    "tests.plugins.admin_pages",
    "tests.plugins.spreading",
    "tests.plugins.light_settings",
    "tests.plugins.whole_pages",
    "tests.plugins.database",
    "tests.plugins.callers",
    "tests.plugins.books",
    "tests.plugins.races",
    "tests.plugins.own_tables",
)
