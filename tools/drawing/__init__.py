"""The page and the pictures of docs/states.md, drawn from orders.states. Pure."""
