"""manage.py prepare"""

import secrets
from argparse import ArgumentParser, BooleanOptionalAction

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.environment.variables import env
from config.processes.setup_lock import exclusive_setup
from users.models.user import User


class Command(BaseCommand):
    help = "Make the database ready: migrate, create the first superuser, load the demo shop into an empty one."
    requires_system_checks = ()
    stealth_options = ("logins",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--demo",
            action=BooleanOptionalAction,
            default=not env.is_prod,
            help="default: unless KONTOR_ENV=prod",
        )

    def handle(self, *args: object, demo: bool, logins: list[str] | None = None, **options: object) -> None:
        """`logins` gets the lines that say who may sign in, in place of the screen: `run` shows them last of all."""
        self._logins = logins
        # Files are served from where they are installed (WHITENOISE_USE_FINDERS).
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        with exclusive_setup():
            call_command("migrate", interactive=False, verbosity=0)
            self._create_first_superuser()
            if demo:
                call_command("load_demo_shop", if_empty=True, logins=logins, stdout=self.stdout)

    def _create_first_superuser(self) -> None:
        if User.objects.filter(is_superuser=True).exists():
            return
        email = env.kontor_admin_email.lower()
        if User.objects.filter(email=email).exists():
            raise CommandError(f"{email} exists but is no superuser: set KONTOR_ADMIN_EMAIL to another address.")
        password = env.kontor_admin_password or secrets.token_urlsafe(12)
        User.objects.create_superuser(email, password)
        shown = "KONTOR_ADMIN_PASSWORD" if env.kontor_admin_password else f"{password}  (shown this once)"
        if self._logins is None:
            self.stdout.write(f"Superuser created.\n  e-mail    {email}\n  password  {shown}")
        else:
            self._logins += [f"Sign in   {email}", f"password  {shown}"]
