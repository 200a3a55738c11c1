"""What operations and schemas of the OpenAPI are called: names that a client's code is written in, and that stay.

An operation is a verb and what it is done to: `place_order`, `list_customers`. What is no plain list, read, creation,
change or deletion has its verb in VERBS; a new route that is none of these and not there has a name nobody chose, which
a test refuses.
"""

import re
from typing import Any, Final

PREFIX: Final = "/api/v1/"

# By method and path below PREFIX, without the parameters' names.
VERBS: Final[dict[str, str]] = {
    "POST auth/token": "sign_in",
    "POST auth/token/refresh": "refresh_token",
    "GET users/me": "get_me",
    "POST shop/logo": "set_logo",
    "DELETE shop/logo": "remove_logo",
    "POST orders": "place_order",
    "DELETE orders/{}": "cancel_order",
    "GET orders/active": "list_active_orders",
    "POST orders/preview": "preview_order",
    "POST orders/{}/cancellation": "cancel_paid_order",
    "POST orders/{}/extension": "extend_order",
    "POST orders/{}/invoices": "issue_invoice",
    "PATCH orders/{}/items": "edit_order",
    "POST orders/{}/items/preview": "preview_order_edit",
    "PATCH orders/{}/payment": "confirm_payment",
    "POST orders/{}/payment-intents": "create_payment_intent",
    "POST orders/{}/refunds": "create_refund",
    "POST orders/{}/returns": "request_return",
    "POST orders/{}/shipments": "create_shipment",
    "PATCH orders/{}/status": "advance_order",
    "PATCH deals/{}/lines": "set_deal_lines",
    "POST deals/{}/order": "order_deal",
    "PATCH deals/{}/stage": "move_deal",
    "POST drafts/{}/decline": "decline_draft",
    "POST drafts/{}/order": "order_draft",
    "GET drafts/{}/quote.pdf": "get_draft_quote",
    "POST drafts/{}/sending": "send_draft",
    "POST duplicates/{}/dismissal": "dismiss_duplicate",
    "GET invoices/{}.pdf": "get_invoice_pdf",
    "POST leads/{}/convert": "convert_lead",
    "POST merges": "merge_customers",
    "POST merges/preview": "preview_merge",
    "POST merges/{}/undo": "undo_merge",
    "POST payment-intents/{}/capture": "capture_payment_intent",
    "POST payment-intents/{}/void": "void_payment_intent",
    "GET personal-data/{}": "get_personal_data",
    "GET personal-data/{}/pdf": "get_personal_data_pdf",
    "DELETE personal-data/{}": "erase_personal_data",
    "POST refunds/{}/retry": "retry_refund",
    "POST refunds/{}/settlement": "settle_refund",
    "POST returns/{}/approval": "approve_return",
    "POST returns/{}/receipt": "receive_return",
    "POST returns/{}/refund": "refund_return",
    "POST returns/{}/rejection": "reject_return",
    "POST returns/{}/withdrawal": "withdraw_return",
    "POST segments/{}/refresh": "refresh_segment",
    "POST shipments/{}/cancellation": "cancel_shipment",
    "POST shipments/{}/delivery": "deliver_shipment",
    "POST shipments/{}/departure": "send_shipment",
    "GET shipments/{}/packing-slip.pdf": "get_packing_slip",
    "POST stock-documents/{}/application": "apply_stock_document",
    "POST stock-documents/{}/cancellation": "cancel_stock_document",
    "POST stock-levels/{}/adjustments": "adjust_stock",
    "POST tasks/{}/complete": "complete_task",
    "POST webhooks/{}": "receive_provider_event",
    "POST webhook-endpoints/{}/test": "test_webhook_endpoint",
    "POST webhook-endpoints/{}/rotate": "rotate_webhook_secret",
    "POST webhook-endpoints/{}/replay": "replay_webhook_endpoint",
    "POST webhook-deliveries/{}/redelivery": "redeliver_webhook",
    "POST events/tickets": "create_event_ticket",
}
_PLAIN = {"GET": "get", "POST": "create", "PATCH": "update", "DELETE": "delete"}

# Choices that no model's class names, or that drf-spectacular would name after the first field that has them.
ENUMS: Final[dict[str, str]] = {
    "ActivityBodyKindEnum": "NewActivityKind",
    "AggregateTypeEnum": "AggregateType",
    "BlankEnum": "Blank",
    "ChosenByEnum": "PaymentMethodChosenBy",
    "ProviderEnum": "PaymentMethodProvider",
    "CauseEnum": "RefundCause",
    "CreateIntentBodyCaptureEnum": "NewIntentCapture",
    "DisabledReasonEnum": "EndpointDisabledReason",
    "EventTypeEnum": "EventType",
    "IncludeEnum": "EndpointInclude",
    "LanguageEnum": "Language",
    "MatchEnum": "PaymentMatch",
    "ModelEnum": "CustomFieldOwner",
    "NullEnum": "Null",
    "OrderEventKindEnum": "OrderEventKind",
    "PaymentIntentCaptureEnum": "IntentCapture",
    "PriorityEnum": "TaskPriority",
    "ProposedEnum": "MergeChoice",
    "PurposeEnum": "ConsentPurpose",
    "ReasonEnum": "CancellationSide",
    "ReasonsEnum": "DuplicateReason",
    "RepeatEnum": "TaskRepeat",
    "SourceEnum": "LeadSource",
}


def operation_name(method: str, path: str) -> str:
    """The operationId of a route, by its method and its path with parameters in braces."""
    below = re.sub(r"\{[^}]*\}", "{}", path.removeprefix(PREFIX))
    if named := VERBS.get(f"{method} {below}"):
        return named
    *owners, last = [part.replace("-", "_") for part in below.split("/") if part != "{}"]
    is_one = below.endswith("{}")
    of_whom = "".join(f"{_singular(owner)}_" for owner in owners)
    if method == "GET" and not is_one:
        return f"list_{of_whom}{last}"
    return f"{_PLAIN[method]}_{of_whom}{_singular(last)}"


def _singular(noun: str) -> str:
    return f"{noun.removesuffix('ies')}y" if noun.endswith("ies") else noun.removesuffix("s")


def name_components(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Postprocessing hook: bodies are called as they are in the code, choices after what they are choices of."""
    schemas = result["components"]["schemas"]
    names = {name: new for name in schemas if (new := _component_name(name, schemas)) != name}
    if len({names.get(name, name) for name in schemas}) != len(schemas):
        raise ValueError(f"Two schemas would have one name: {sorted(names.values())}.")
    for schema in schemas.values():
        if set(schema) == {"oneOf"}:  # one shape may be another one with a member more: both fit
            schema["anyOf"] = schema.pop("oneOf")
    result["components"]["schemas"] = {names.get(name, name): schema for name, schema in schemas.items()}
    _rename_references(result, {f"#/components/schemas/{old}": new for old, new in names.items()})
    return result


def list_tags(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Postprocessing hook: the groups of operations, in the order of their names."""
    operations = [each for path in result["paths"].values() for each in path.values()]
    result["tags"] = [{"name": name} for name in sorted({tag for each in operations for tag in each["tags"]})]
    return result


def _component_name(name: str, schemas: dict[str, Any]) -> str:
    if name.startswith("Patched"):
        whole = name.removeprefix("Patched")
        stem = whole.removesuffix("Request").removesuffix("Body")
        is_other = whole in schemas  # the body of a creation: the one of a change has fewer fields that must be there
        return f"{stem}ChangesBody" if is_other else f"{stem}Body"
    if name.endswith("Request"):
        return f"{name.removesuffix('Request').removesuffix('Body')}Body"
    return ENUMS.get(name, name)


def _rename_references(node: Any, names: dict[str, str]) -> None:
    if isinstance(node, dict):
        if (target := node.get("$ref")) in names:
            node["$ref"] = f"#/components/schemas/{names[target]}"
        for each in node.values():
            _rename_references(each, names)
    elif isinstance(node, list):
        for each in node:
            _rename_references(each, names)
