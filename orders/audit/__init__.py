"""What must be true of the shop's books, one named check an entry; `orders.services.audit_books` runs them."""
