"""The work that a request makes, counted in terms that no noisy machine can change."""
