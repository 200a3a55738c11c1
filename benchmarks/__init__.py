"""Measurements of Kontor beside what its database can do: `make bench`, or `python -m benchmarks --help`.

Every benchmark is one module in `lines` with one `run(stage, options)`; what they share is apart:
stage (the database), shop (what is sold), web and load (server and clients), pgbench, meters, figures.
"""
