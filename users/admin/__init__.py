from users.admin import api_key, company, customer, customer_group, group, record_change, tag, team, user

__all__ = ["api_key", "company", "customer", "customer_group", "group", "record_change", "tag", "team", "user"]
