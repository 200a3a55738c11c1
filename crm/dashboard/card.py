"""What the dashboard's cards have in common."""

MOST_SHOWN = 6
