"""One colour for each state, the same in every list: names of the admin's label variants. Pure."""

from orders.order_state import OrderStatus, PaymentStatus, ReservationStatus

STATUS_COLOURS: dict[str, str] = {
    OrderStatus.PENDING: "warning",
    OrderStatus.CONFIRMED: "info",
    OrderStatus.PROCESSING: "info",
    OrderStatus.SHIPPED: "info",
    OrderStatus.DELIVERED: "success",
    OrderStatus.CANCELLED: "default",
    PaymentStatus.PAID: "success",
    PaymentStatus.REFUND_DUE: "danger",
    PaymentStatus.FAILED: "danger",
    ReservationStatus.ACTIVE: "warning",
    ReservationStatus.CONVERTED: "success",
    ReservationStatus.EXPIRED: "default",
    ReservationStatus.CANCELLED: "default",
}
