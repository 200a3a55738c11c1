"""What tests of the catalogue share."""

import pytest

from catalog.models.product import Product
from tests.shop.goods import ProductFactory


@pytest.fixture
def product(db: None) -> Product:
    return ProductFactory.create(name="Ridge mug")
