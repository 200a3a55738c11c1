from users.models import api_key, company, customer, tag, user

__all__ = ["api_key", "company", "customer", "tag", "user"]
