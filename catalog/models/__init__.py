from catalog.models import (
    category,
    price_list,
    product,
    seller,
    seller_member,
    stock_document,
    stock_level,
    stock_location,
    stock_movement,
    tax,
    variant,
)

__all__ = [
    "category",
    "price_list",
    "product",
    "seller",
    "seller_member",
    "stock_document",
    "stock_level",
    "stock_location",
    "stock_movement",
    "tax",
    "variant",
]
