"""For whoever runs the server: the way back in when nobody is left who could reset it in the admin."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from users.models.user import User
from users.security.places import unlock_sign_in
from users.security.staff_sessions import end_sessions
from users.services.enrol_second_factor import reset_second_factor


class Command(BaseCommand):
    help = "Takes a user's second factor away, unlocks their sign-in and ends their sessions."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower()).first()
        if user is None:
            raise CommandError("There is no user with this e-mail address.")
        had_one = reset_second_factor(user=user)
        unlock_sign_in(user=user)
        end_sessions(user=user)
        self.stdout.write(f"{user}: {'the second factor is gone' if had_one else 'there was no second factor'}.")
