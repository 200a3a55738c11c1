"""An order from placing it to its end."""
