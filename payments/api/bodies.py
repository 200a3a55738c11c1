"""What the routes of payment intents accept."""

from typing import Annotated, Literal

from pydantic import Field

from payments.models.payment_intent import Capture
from shared.api.bodies import PLAIN, Amount, StrictBody


class CreateIntentBody(StrictBody):
    """Through whom and how the order is paid."""

    provider: str = Field(min_length=1, max_length=20, description="manual, sandbox or stripe, as far as configured.")
    method: str = Field("", max_length=30, pattern=r"^[a-z0-9_]*$", description="One that the provider knows.")
    capture: Literal["automatic", "manual"] = Field(
        "automatic", description="manual: staff capture what was authorised. Staff's choice alone."
    )
    version: int | None = Field(None, ge=0, description="The order's version you read; a stale one is a 412.")

    def how(self) -> Capture:
        """As the service takes it."""
        return Capture(self.capture)


class CaptureIntentBody(StrictBody):
    """How much is taken."""

    amount: Annotated[Amount, Field(gt=0), PLAIN] | None = Field(
        None, description="Unset: all that is authorised; of a manual intent, what the order is due."
    )
    version: int | None = Field(None, ge=0, description="The intent's version you read; a stale one is a 412.")


class VoidIntentBody(StrictBody):
    """Nothing more is taken."""

    version: int | None = Field(None, ge=0, description="The intent's version you read; a stale one is a 412.")
