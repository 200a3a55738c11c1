"""Two colleagues in one form: nothing that either of them saved is lost (docs/decisions/two-colleagues.md)."""
