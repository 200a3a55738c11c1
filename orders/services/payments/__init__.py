"""Payments that came in, and what is odd about them."""
