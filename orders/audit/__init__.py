"""What must be true of the shop's books, check by check; `orders.services.upkeep.audit_books` runs them."""
