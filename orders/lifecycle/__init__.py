"""What every change of an order goes through: its lock, its sub-orders, and the event that tells of the change."""
