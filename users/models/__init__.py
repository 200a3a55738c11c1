from users.models import api_key, company, consent, custom_field, customer, staff_session, tag, team, user

__all__ = ["api_key", "company", "consent", "custom_field", "customer", "staff_session", "tag", "team", "user"]
