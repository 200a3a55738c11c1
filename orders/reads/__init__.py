"""Reads of orders: the named queries, the newest first, a seller's orders, the sums of sales."""
