"""What a template of an e-mail may say: named values, a few filters, `if`. No more of Django, and no row, is in reach.

Names are checked when a template is read, also in branches that are not taken, so that an author hears of a typing
error before a customer does.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.template import Context, Engine, Template, TemplateSyntaxError
from django.template.base import FilterExpression, Lexer, NodeList, Parser, Variable
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shared.errors import InvalidInput

NAMES: Mapping[str, Any] = {
    "customer.name": _("the customer's name"),
    "customer.first_name": _("its first word"),
    "customer.email": _("the customer's e-mail address"),
    "customer.phone": _("the customer's phone number"),
    "company.name": _("the customer's company; empty for none"),
    "sender.name": _("your name"),
    "sender.email": _("your e-mail address"),
    "today": _("the date, as 2031-02-03"),
}
_WORDS = {"True", "False", "None"}
MAX_SUBJECT_LENGTH = 200
MAX_BODY_LENGTH = 20_000


class _Sandbox(Engine):
    """No tags and filters but those of crm.email_tags, no files, nothing to load."""

    default_builtins = ["crm.email_tags"]


class _CheckingParser(Parser):
    def compile_filter(self, token: str) -> FilterExpression:
        expression = super().compile_filter(token)
        for variable in _variables(expression):
            if variable.lookups is not None and variable.var not in NAMES and variable.var not in _WORDS:
                text = gettext("There is no value “%(value)s”. There are: %(names)s.")
                raise TemplateSyntaxError(text % {"value": variable.var, "names": ", ".join(NAMES)})
        return expression


class _Text(Template):
    def compile_nodelist(self) -> NodeList:
        tokens = Lexer(self.source).tokenize()
        parser = _CheckingParser(tokens, {}, self.engine.template_builtins, self.origin)
        return parser.parse()


_ENGINE = _Sandbox(dirs=[], autoescape=False, loaders=[])


def check_text(text: str) -> None:
    """Raises InvalidInput with what is wrong with a template's subject or body."""
    _compiled(text)


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """The text with its values, by the names of NAMES; one that is missing is empty. Raises InvalidInput."""
    filled = _compiled(text).render(Context(_nested(values), autoescape=False))
    return filled + ""  # a plain text: what templates render counts as safe HTML, and a page would show it as such


def one_line(text: str) -> str:
    """A subject is one line, whatever stands in its values."""
    return " ".join(text.split())


def _compiled(text: str) -> Template:
    try:
        return _Text(text, engine=_ENGINE)
    except TemplateSyntaxError as error:
        raise InvalidInput(("/body", "template", str(error))) from error


def _variables(expression: FilterExpression) -> Iterator[Variable]:
    arguments = [argument for _filter, given in expression.filters for is_name, argument in given if is_name]
    yield from (part for part in (expression.var, *arguments) if isinstance(part, Variable))


def _nested(values: Mapping[str, str]) -> dict[str, Any]:
    """{"customer.name": "Ann"} as {"customer": {"name": "Ann"}}: plain texts, so there is nothing to walk into."""
    nested: dict[str, Any] = {}
    for name in NAMES:
        place, _dot, rest = name.partition(".")
        text = str(values.get(name, ""))
        if rest:
            nested.setdefault(place, {})[rest] = text
        else:
            nested[place] = text
    return nested
