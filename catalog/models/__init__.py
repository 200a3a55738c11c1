from catalog.models import (
    backorder_count,
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
    "backorder_count",
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
