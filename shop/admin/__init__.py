from shop.admin import shop

__all__ = ["shop"]
