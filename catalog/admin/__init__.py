from catalog.admin import category, pricing, product, seller, variant

__all__ = ["category", "pricing", "product", "seller", "variant"]
