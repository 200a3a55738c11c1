"""Refunds, from asking for one to its being paid out."""
