"""What runs beside the orders: the audit, the sums, forgetting."""
