from catalog.models import category, picture, price_list, product, seller, seller_member, tax, variant

__all__ = ["category", "picture", "price_list", "product", "seller", "seller_member", "tax", "variant"]
