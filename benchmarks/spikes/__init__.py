"""What was tried against one hot stock level, beside the raw single-row limit: `python -m benchmarks.spikes`.

Not product code: SQL under pgbench in `sql/`, put together by candidates.py, and place_batch called by processes.
docs/decisions/contention.md has the results. Every run is on the benchmarks' stage, with plenty of stock; after them a
small stock is sold out by more buyers than it has units (drain.py), and everything is audited.
"""
