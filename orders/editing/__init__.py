"""Changing an order's lines before they are shipped: docs/decisions/editing.md."""
