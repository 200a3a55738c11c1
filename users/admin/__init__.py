from users.admin import api_key, company, customer, group, record_change, tag, team, user

__all__ = ["api_key", "company", "customer", "group", "record_change", "tag", "team", "user"]
