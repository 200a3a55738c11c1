"""Passwords that take as long to look at as a test says."""

from threading import Event, Semaphore

from django.contrib.auth.hashers import MD5PasswordHasher

HELD = "held"
looked_at, go_on = Semaphore(0), Event()


class HeldHasher(MD5PasswordHasher):
    """Looking at the password HELD begins with `looked_at`, and ends with `go_on`."""

    def encode(self, password: str, salt: str) -> str:
        if password == HELD:
            looked_at.release()
            assert go_on.wait(30)
        encoded: str = super().encode(password, salt)
        return encoded
