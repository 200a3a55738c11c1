"""What keeps the house well: rules that say when somebody must look, and what System shows of it."""
