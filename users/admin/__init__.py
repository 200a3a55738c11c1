from users.admin import api_key, company, customer, group, tag, team, user

__all__ = ["api_key", "company", "customer", "group", "tag", "team", "user"]
