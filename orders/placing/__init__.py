"""How an order is placed: wanted -> plan -> rows -> one statement, tried until it holds (attempt)."""
