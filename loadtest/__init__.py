"""Load tests with Locust against a running Kontor: `make loadtest`, or `python -m loadtest --help`.

A scenario is one locustfile in `scenarios`; what they share is apart: stages (how many users when), shop (what there
is to buy), buyer (a user who orders and pays). `targets` reads Locust's statistics and says what was missed, `kontor`
starts a throwaway Kontor to test.
"""
