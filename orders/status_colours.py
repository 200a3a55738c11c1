"""One colour for each state, the same in every list: names of the admin's label variants. Pure."""

from orders.states import OrderStatus, PaymentStatus, RefundStatus, ReservationStatus, ReturnStatus, ShipmentStatus

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
    PaymentStatus.PARTIALLY_REFUNDED: "info",
    PaymentStatus.REFUNDED: "default",
    ShipmentStatus.READY: "warning",
    RefundStatus.DUE: "warning",
    RefundStatus.SENT: "info",
    RefundStatus.DONE: "success",
    ReturnStatus.REQUESTED: "warning",
    ReturnStatus.APPROVED: "info",
    ReturnStatus.REJECTED: "danger",
    ReturnStatus.RECEIVED: "info",
    ReservationStatus.ACTIVE: "warning",
    ReservationStatus.CONVERTED: "success",
    ReservationStatus.EXPIRED: "default",
    ReservationStatus.CANCELLED: "default",
}
