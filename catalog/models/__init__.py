from catalog.models import category, price_list, product, seller, seller_member, tax, variant

__all__ = ["category", "price_list", "product", "seller", "seller_member", "tax", "variant"]
