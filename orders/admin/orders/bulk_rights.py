"""Who may do something to many orders of the list: Django asks for has_<right>_permission."""

from django.db.models import Model
from django.http import HttpRequest


# The admin looks for `has_<name>_permission` where an action names its permission without an app, as actions on many
# rows do; these are the rights that the buttons of one order ask for.
class BulkRights:
    def has_confirm_payment_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("orders.confirm_payment")

    def has_advance_order_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("orders.advance_order")

    def has_cancel_order_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("orders.cancel_order")
