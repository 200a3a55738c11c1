"""Stock held for orders: how long, from which shelf, on order when there is none, and until when."""
