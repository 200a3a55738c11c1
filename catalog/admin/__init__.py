from catalog.admin import (
    category,
    pricing,
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
    "pricing",
    "product",
    "seller",
    "stock_document",
    "stock_level",
    "stock_location",
    "stock_movement",
    "variant",
]
