"""Money and goods that go back: how much may, what a refund is made of, and what returns to the shelves."""
