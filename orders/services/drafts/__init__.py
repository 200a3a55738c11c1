"""Drafts and quotes."""
