"""What the rows above a segment's rule say (crm/static/crm/segment_rule.js)."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from users.models.consent import ConsentPurpose
from users.models.language import Language


def rule_words() -> dict[str, str]:
    """By the script's own names, in the reader's language."""
    return {
        **{value: str(label) for value, label in (*Language.choices, *ConsentPurpose.choices)},
        **_field_labels(),
        **_comparison_labels(),
        "field": _("Field"),
        "comparison": _("Comparison"),
        "value": _("Value"),
        "currency": _("Currency"),
        "key": _("Key"),
        "which": _("Which conditions"),
        "all": _("All of these"),
        "any": _("Any of these"),
        "add": _("Add a condition"),
        "remove": _("Remove this condition"),
    }


def _field_labels() -> dict[str, str]:
    return {
        "last_order": _("Last order"),
        "order_count": _("Number of orders"),
        "lifetime_value": _("Lifetime value"),
        "tag": _("Tag"),
        "company": _("Company (name)"),
        "owner": _("Owner (e-mail)"),
        "group": _("Customer group (name)"),
        "country": _("Country (ISO code)"),
        "language": _("Language"),
        "created": _("Customer since (day)"),
        "created_ago": _("Became a customer"),
        "custom_field": _("Own field"),
        "consent": _("Consent"),
        "bought_variant": _("Bought variant (SKU)"),
        "bought_category": _("Bought category (slug)"),
    }


def _comparison_labels() -> dict[str, str]:
    return {
        "is": pgettext("condition", "is"),
        "is_not": pgettext("condition", "is not"),
        "is_set": pgettext("condition", "is set"),
        "is_empty": pgettext("condition", "is empty"),
        "at_least": pgettext("condition", "at least"),
        "at_most": pgettext("condition", "at most"),
        "within_days": _("in the last … days"),
        "not_within_days": _("not in the last … days"),
        "before": pgettext("condition", "before"),
        "from": pgettext("condition", "from"),
        "given": pgettext("consent", "given"),
        "not_given": pgettext("consent", "not given"),
    }
