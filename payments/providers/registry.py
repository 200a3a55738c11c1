"""The providers there are."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from payments.providers.base import Provider
from payments.providers.manual import ManualProvider
from payments.providers.sandbox import SandboxProvider
from payments.providers.stripe import StripeProvider
from shared.errors import NotFound

PROVIDERS: Final[Mapping[str, Provider]] = MappingProxyType(
    {"manual": ManualProvider(), "sandbox": SandboxProvider(), "stripe": StripeProvider()}
)


class ProviderNotFound(NotFound):
    code = "provider_not_found"
    title = _("No such payment provider")
    members = {"providers": [str]}


def provider_named(name: str) -> Provider:
    """Raises ProviderNotFound, also for one that this installation has no keys of."""
    provider = PROVIDERS.get(name)
    if provider is None or not provider.is_configured():
        offered = [known for known, provider in PROVIDERS.items() if provider.is_configured()]
        raise ProviderNotFound(gettext("No such payment provider: %(name)s.") % {"name": name}, providers=offered)
    return provider
