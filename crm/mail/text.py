"""What a template of an e-mail may say: named values, a few filters, `if`. No more of Django, and no row, is in reach.

Names are checked when a template is read, also in branches that are not taken, so that an author hears of a typing
error before a customer does.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.template import Context, Engine, Template, TemplateSyntaxError
from django.template.base import FilterExpression, Lexer, NodeList, Parser, Variable
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.errors import InvalidInput

_SHOP = {
    "shop.name": _("the shop's name"),
    "shop.email": _("the shop's e-mail address; may be empty"),
    "shop.phone": _("the shop's phone number; may be empty"),
}
NAMES: Mapping[str, Any] = {
    "customer.name": _("the customer's name"),
    "customer.first_name": _("its first word"),
    "customer.email": _("the customer's e-mail address"),
    "customer.phone": _("the customer's phone number"),
    "company.name": _("the customer's company; empty for none"),
    "sender.name": _("your name"),
    "sender.email": _("your e-mail address"),
    "today": _("the date, as 2031-02-03"),
    **_SHOP,
}
# What an order's own e-mails may say.
ORDER_NAMES: Mapping[str, Any] = {
    "customer.name": _("the customer's name"),
    "customer.first_name": _("its first word"),
    "order.number": _("the order's number"),
    "order.lines": _("what was ordered, one line each"),
    "order.total": _("what is to be paid, with its currency"),
    "order.deadline": _("until when it is to be paid; empty: no deadline"),
    "payment.method": _("how it is to be paid; may be empty"),
    "payment.instructions": _("what the buyer has to do to pay; may be empty"),
    "parcel.number": _("the shipment's number"),
    "parcel.lines": _("what is in the shipment, one line each"),
    "parcel.carrier": _("who carries the shipment; may be empty"),
    "parcel.tracking": _("the shipment's tracking number; may be empty"),
    "parcel.url": _("the shipment's tracking page; may be empty"),
    "refund.amount": _("what was given back, with its currency"),
    **_SHOP,
}
_WORDS = {"True", "False", "None"}
MAX_SUBJECT_LENGTH = 200
MAX_BODY_LENGTH = 20_000


class _Sandbox(Engine):
    """No tags and filters but those of crm.mail.tags, no files, nothing to load."""

    default_builtins = ["crm.mail.tags"]

    def __init__(self, names: Collection[str]) -> None:
        super().__init__(dirs=[], autoescape=False, loaders=[])
        self.names = names


class _CheckingParser(Parser):
    names: Collection[str] = ()

    def compile_filter(self, token: str) -> FilterExpression:
        expression = super().compile_filter(token)
        for variable in _variables_in(expression):
            if variable.lookups is not None and variable.var not in self.names and variable.var not in _WORDS:
                text = gettext("There is no value “%(value)s”. There are: %(names)s.")
                raise TemplateSyntaxError(text % {"value": variable.var, "names": ", ".join(self.names)})
        return expression


class _Text(Template):
    def compile_nodelist(self) -> NodeList:
        tokens = Lexer(self.source).tokenize()
        parser = _CheckingParser(tokens, {}, self.engine.template_builtins, self.origin)
        parser.names = getattr(self.engine, "names", ())
        return parser.parse()


_ENGINES = {names: _Sandbox(names) for names in (tuple(NAMES), tuple(ORDER_NAMES))}


def check_text(text: str, names: Collection[str] = tuple(NAMES)) -> None:
    """Raises InvalidInput with what is wrong with a template's subject or body; `names` are NAMES or ORDER_NAMES."""
    _compile_template(text, names)


def check_texts(texts: Mapping[str, str], names: Collection[str] = tuple(NAMES)) -> None:
    """Several of one template, by their fields. Raises InvalidInput naming each that is wrong."""
    faults = []
    for field, text in texts.items():
        try:
            check_text(text, names)
        except InvalidInput as refusal:
            faults.append((f"/{field}", "template", refusal.detail))
    if faults:
        raise InvalidInput(*faults)


def fill_in(text: str, values: Mapping[str, str], names: Collection[str] = tuple(NAMES)) -> str:
    """The text with its values, by the names of NAMES or ORDER_NAMES; a missing one is empty. Raises InvalidInput."""
    filled = _compile_template(text, names).render(Context(_nested_values(values, names), autoescape=False))
    return filled + ""  # a plain text: what templates render counts as safe HTML, and a page would show it as such


def one_line(text: str) -> str:
    """A subject is one line, whatever stands in its values."""
    return " ".join(text.split())


def _compile_template(text: str, names: Collection[str]) -> Template:
    try:
        return _template(text, tuple(names))
    except TemplateSyntaxError as error:
        raise InvalidInput(("/body", "template", str(error))) from error


@lru_cache(maxsize=64)  # a shop has a dozen or two; one that is being written is not worth more room
def _template(text: str, names: tuple[str, ...]) -> Template:
    """Compiled once a process."""
    return _Text(text, engine=_ENGINES[names])


def _variables_in(expression: FilterExpression) -> Iterator[Variable]:
    arguments = [argument for _filter, given in expression.filters for is_name, argument in given if is_name]
    yield from (part for part in (expression.var, *arguments) if isinstance(part, Variable))


def _nested_values(values: Mapping[str, str], names: Collection[str]) -> dict[str, Any]:
    """{"customer.name": "Ann"} as {"customer": {"name": "Ann"}}: plain texts, so there is nothing to walk into."""
    nested: dict[str, Any] = {}
    for name in names:
        place, _dot, rest = name.partition(".")
        text = str(values.get(name, ""))
        if rest:
            nested.setdefault(place, {})[rest] = text
        else:
            nested[place] = text
    return nested
