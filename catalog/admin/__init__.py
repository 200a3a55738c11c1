from catalog.admin import (
    category,
    product,
    seller,
    stock_document,
    stock_level,
    stock_location,
    stock_movement,
    variant,
)

__all__ = [
    "category",
    "product",
    "seller",
    "stock_document",
    "stock_level",
    "stock_location",
    "stock_movement",
    "variant",
]
