"""Rules judged once a minute, and staff told by e-mail: docs/decisions/alerts.md."""
