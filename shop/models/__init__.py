from shop.models import bank_account, shop

__all__ = ["bank_account", "shop"]
