"""Use cases: one file, one public function, its refusals beside it. Whatever changes an order begins here."""
