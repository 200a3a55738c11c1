"""Years of invented orders, written by COPY: for measuring how the shop does when its tables are full."""
