"""Orders in the making, and quotes. They hold no stock; what they would cost is computed when it is asked for."""
