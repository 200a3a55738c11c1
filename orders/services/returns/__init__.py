"""Returns, from asking for one to its refund."""
