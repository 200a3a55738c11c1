"""Who changed what, and when: written by triggers, whatever way a change came (docs/decisions/audit-history.md)."""
