"""Two order services meet, statement by statement, in every order that could make a difference."""
