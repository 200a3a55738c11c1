"""OpenAPI's words for the ways to sign in. Importing this registers them with drf-spectacular."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension as Extension
from drf_spectacular.openapi import AutoSchema


class BearerScheme(Extension):  # type: ignore[no-untyped-call]
    target_class = "users.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "From POST /auth/token.",
        }


class ApiKeyScheme(Extension):  # type: ignore[no-untyped-call]
    target_class = "users.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        text = "`Api-Key <secret>`, for machines; made in the admin, which shows the secret once."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": text}


class SessionScheme(Extension):  # type: ignore[no-untyped-call]
    target_class = "users.api.authentication.SignedInSessionAuthentication"
    name = "adminSession"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "Signed in to the admin.",
        }
