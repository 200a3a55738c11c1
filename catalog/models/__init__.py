from catalog.models import (
    category,
    product,
    seller,
    seller_member,
    stock_level,
    stock_location,
    stock_movement,
    variant,
)

__all__ = [
    "category",
    "product",
    "seller",
    "seller_member",
    "stock_level",
    "stock_location",
    "stock_movement",
    "variant",
]
