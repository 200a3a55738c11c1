"""Money that comes in for an order: what it is due, what is received, what failed, what the bank disputes."""
