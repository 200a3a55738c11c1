"""Bugs that the suite must catch: each is planted by exact replacement of text, and names the tests that must fail."""
