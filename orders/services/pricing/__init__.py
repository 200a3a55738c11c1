"""Coupons and shipping methods."""
