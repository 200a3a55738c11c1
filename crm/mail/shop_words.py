"""What e-mails may say of the shop."""

from collections.abc import Mapping

from shop.current import current_shop


def shop_words() -> Mapping[str, str]:
    """By the names of a template; plain texts. 1 statement."""
    shop = current_shop()
    return {"shop.name": shop.name, "shop.email": shop.email, "shop.phone": shop.phone}
