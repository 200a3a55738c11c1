"""What was asked, read and checked before any SQL: whatever is in it, reading it costs little."""

from dataclasses import dataclass
from functools import lru_cache

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    Lexer,
    OperationDefinitionNode,
    Source,
    TokenKind,
    parse,
    validate,
)
from graphql.language import SelectionSetNode

from shared.errors import Refusal

MAX_TOKENS = 2_000
MAX_NESTING = 60  # of brackets; the query that tools read the schema with has 13
MAX_ALIASES = 30
MAX_FRAGMENTS = 30
# Kept ready to run: what a shop's clients ask, again and again. Long ones are rarely asked twice.
_KEPT_DOCUMENTS = 128
_KEPT_LENGTH = 4_000


class QueryRefused(Refusal):
    """What was sent is no query that we would run. `faults`: GraphQL's own errors, with their places."""

    code = "invalid_query"
    status = 400
    title = "The query is not valid"

    def __init__(self, detail: str, faults: tuple[GraphQLError, ...] = ()) -> None:
        super().__init__(detail)
        self.faults = faults


class TooManyTokens(QueryRefused):
    code = "query_too_long"
    title = "The query is too long"


class TooDeep(QueryRefused):
    code = "query_too_deep"
    title = "The query is nested too deeply"


class TooManyAliases(QueryRefused):
    code = "too_many_aliases"
    title = "The query asks for the same too often"


class TooManyFragments(QueryRefused):
    code = "too_many_fragments"
    title = "The query has too many fragments"


class SeveralMutations(QueryRefused):
    code = "one_mutation_per_request"
    title = "A request may change one thing"


@dataclass(frozen=True)
class Document:
    """A valid document. `operations` by name."""

    node: DocumentNode
    operations: dict[str, OperationDefinitionNode]
    fragments: dict[str, FragmentDefinitionNode]

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """Raises QueryRefused where the name says none or not which."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name is None or name not in self.operations:
            raise QueryRefused("Name one of the operations of the document in operationName.")
        return self.operations[name]


def read_document(schema: GraphQLSchema, text: str) -> Document:
    """Raises QueryRefused."""
    return _read_kept(schema, text) if len(text) <= _KEPT_LENGTH else _read(schema, text)


def _read(schema: GraphQLSchema, text: str) -> Document:
    try:
        _check_tokens(text)
        document = parse(text, no_location=False, max_tokens=MAX_TOKENS)
    except GraphQLError as error:
        raise QueryRefused(error.message, (error,)) from None
    executable = [each for each in document.definitions if isinstance(each, ExecutableDefinitionNode)]
    _check_repetitions([each.selection_set for each in executable])
    # No more: an answer must not grow with the faults of a long query.
    faults = validate(schema, document, max_errors=10)
    if faults:
        raise QueryRefused(faults[0].message, tuple(faults))
    operations = [each for each in executable if isinstance(each, OperationDefinitionNode)]
    fragments = [each for each in executable if isinstance(each, FragmentDefinitionNode)]
    return Document(
        document,
        {each.name.value if each.name else "": each for each in operations},
        {each.name.value: each for each in fragments},
    )


# Refusals are exceptions, which no lru_cache keeps: they push out nobody's query.
_read_kept = lru_cache(maxsize=_KEPT_DOCUMENTS)(_read)


def _check_tokens(text: str) -> None:
    """Counted before the parser calls itself for every bracket."""
    lexer = Lexer(Source(text))
    count = nesting = 0
    while (token := lexer.advance()).kind is not TokenKind.EOF:
        count += 1
        nesting += (token.kind in _OPENING) - (token.kind in _CLOSING)
        if count > MAX_TOKENS:
            raise TooManyTokens(f"A query may have up to {MAX_TOKENS:,} words and signs.")
        if nesting > MAX_NESTING:
            raise TooDeep(f"A query may have brackets within brackets {MAX_NESTING} times.")


_OPENING = {TokenKind.BRACE_L, TokenKind.PAREN_L, TokenKind.BRACKET_L}
_CLOSING = {TokenKind.BRACE_R, TokenKind.PAREN_R, TokenKind.BRACKET_R}


def _check_repetitions(selections: list[SelectionSetNode]) -> None:
    """Before validating, which compares each field with every other of its name."""
    aliases = fragments = 0
    waiting = list(selections)
    while waiting:
        seen: set[str] = set()
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                name = node.name.value
                aliases += node.alias is not None or name in seen
                seen.add(name)
            else:
                fragments += 1
            inner = getattr(node, "selection_set", None)
            if inner is not None:
                waiting.append(inner)
    if aliases > MAX_ALIASES:
        raise TooManyAliases(f"A query may have up to {MAX_ALIASES} aliases and fields that are named again.")
    if fragments > MAX_FRAGMENTS:
        raise TooManyFragments(f"A query may spread up to {MAX_FRAGMENTS} fragments.")
