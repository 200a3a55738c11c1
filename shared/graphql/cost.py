"""What a query may cost: how many rows it could ask for, and how much of the schema itself, counted over its tree
before any SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    GraphQLSchema,
    IntValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)
from graphql.language import FragmentSpreadNode, InlineFragmentNode, OperationDefinitionNode, SelectionSetNode

from shared.errors import InvalidInput
from shared.graphql.connections import DEFAULT_FIRST, MAX_FIRST
from shared.graphql.documents import Document, QueryRefused, SeveralMutations, TooDeep
from shared.graphql.doors import Door
from shared.graphql.fields import DOOR, WEIGHT

MAX_COST = 5_000
MAX_DEPTH = 8
# Of the schema itself, which anybody may read: values. What tools read it with, GraphiQL among them, is 220,000.
MAX_SCHEMA_COST = 300_000
# Of a connection: not levels of what is asked for, but how it is written.
_WRAPPERS = {"edges", "nodes", "node", "pageInfo"}
_ROOTS = {"__schema": "__Schema", "__type": "__Type"}
# How many are reckoned to stand in a list of the schema, by its field: more than the mean of ours; `types` are counted.
_IN_LISTS = {"fields": 10, "inputFields": 6}
_IN_OTHER_LISTS = 3


class QueryTooCostly(QueryRefused):
    code = "query_too_costly"
    title = "The query asks for too many rows"


@dataclass(slots=True)
class Weighed:
    """`rows` that it could ask for, for each row that it stands in; `depth` of records within records; values of the
    schema itself."""

    rows: int = 0
    depth: int = 0
    of_schema: int = 0


@dataclass
class Weigher:
    """Weighs an operation, and notes the doors that it goes through."""

    schema: GraphQLSchema
    document: Document
    variables: Mapping[str, Any]
    doors: list[Door] = field(default_factory=list)
    _fragments: dict[str, Weighed] = field(default_factory=dict)

    def weigh(self, operation: OperationDefinitionNode) -> int:
        """The cost. Raises QueryTooCostly, TooDeep, SeveralMutations, or InvalidInput for a `first` out of range."""
        root = self.schema.get_root_type(operation.operation)
        self._defaults = {each.variable.name.value: each.default_value for each in operation.variable_definitions or ()}
        if operation.operation.value == "mutation":
            self._check_one_field(operation.selection_set)
        found = self._of_selection(operation.selection_set, root)
        if found.rows > MAX_COST:
            raise QueryTooCostly(f"It could ask for {found.rows:,} rows; {MAX_COST:,} are allowed. Ask for fewer.")
        if found.of_schema > MAX_SCHEMA_COST:
            raise QueryTooCostly("It asks for too much of the schema. Ask with fewer lists within lists.")
        if found.depth > MAX_DEPTH:
            raise TooDeep(f"Records within records: {found.depth} levels; {MAX_DEPTH} are allowed.")
        return found.rows

    def _check_one_field(self, selections: SelectionSetNode) -> None:
        """A request is one transaction with one answer, and one key: so it does one thing."""
        nodes = selections.selections
        if len(nodes) != 1 or not isinstance(nodes[0], FieldNode):
            raise SeveralMutations("Send one mutation field in a request, not in a fragment.")

    def _of_selection(self, selections: SelectionSetNode, parent: Any) -> Weighed:
        total = Weighed()
        for node in selections.selections:
            if isinstance(node, FieldNode):
                found = self._of_field(node, parent)
            elif isinstance(node, FragmentSpreadNode):
                found = self._of_fragment(node.name.value)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = self.schema.type_map[condition.name.value] if condition else parent
                found = self._of_selection(node.selection_set, inner)
            else:
                raise QueryRefused("That is no selection.")
            total.rows += found.rows
            total.of_schema += found.of_schema
            total.depth = max(total.depth, found.depth)
        return total

    def _of_fragment(self, name: str) -> Weighed:
        """Weighed once: fragments within fragments would else double at every step."""
        if name not in self._fragments:
            fragment = self.document.fragments[name]
            kind = self.schema.type_map[fragment.type_condition.name.value]
            self._fragments[name] = self._of_selection(fragment.selection_set, kind)
        return self._fragments[name]

    def _of_field(self, node: FieldNode, parent: Any) -> Weighed:
        if node.name.value in _ROOTS or parent.name.startswith("__"):
            return self._of_schema(node, parent)
        if node.selection_set is None:
            self._note_door(node, parent)
            return Weighed()  # a value: no rows
        definition = parent.fields[node.name.value]
        self._note_door(node, parent)
        kind = get_named_type(definition.type)
        inner = self._of_selection(node.selection_set, kind)
        if node.name.value in _WRAPPERS:
            return inner
        times = self._first(node) if "first" in definition.args else 1
        rows = _metadata_of(definition).get(WEIGHT, 1) + inner.rows
        return Weighed(times * rows, inner.depth + 1, inner.of_schema)

    def _of_schema(self, node: FieldNode, parent: Any) -> Weighed:
        """A list within a list is the schema times the schema, and an alias of it that again."""
        if node.selection_set is None:
            return Weighed(of_schema=1)
        name = node.name.value
        if name in _ROOTS:
            return self._of_selection(node.selection_set, self.schema.type_map[_ROOTS[name]])
        kind = parent.fields[name].type
        inner = self._of_selection(node.selection_set, get_named_type(kind))
        times = 1
        if is_list_type(get_nullable_type(kind)):
            times = len(self.schema.type_map) if name == "types" else _IN_LISTS.get(name, _IN_OTHER_LISTS)
        return Weighed(of_schema=times * (1 + inner.of_schema))

    def _note_door(self, node: FieldNode, parent: Any) -> None:
        definition = getattr(parent, "fields", {}).get(node.name.value)
        door = _metadata_of(definition).get(DOOR)
        if door is not None:
            self.doors.append(door)

    def _first(self, node: FieldNode) -> int:
        """Raises InvalidInput."""
        value: Any = DEFAULT_FIRST
        for argument in node.arguments or ():
            if argument.name.value == "first":
                value = self._value_of(argument.value)
        # Before graphql-core has looked at the variables: anything may be in them.
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MAX_FIRST:
            raise InvalidInput(("/first", "invalid", f"`first` is 1 to {MAX_FIRST}."))
        return value

    def _value_of(self, node: Any) -> Any:
        if isinstance(node, VariableNode):
            name = node.name.value
            if name in self.variables:
                return self.variables[name]
            default = self._defaults.get(name)
            return DEFAULT_FIRST if default is None else self._value_of(default)
        # A longer number than the parser of whole numbers takes is out of range, too.
        return int(node.value) if isinstance(node, IntValueNode) and len(node.value) <= 9 else None


def _metadata_of(definition: Any) -> Mapping[Any, Any]:
    strawberry_field = definition.extensions.get("strawberry-definition") if definition else None
    return strawberry_field.metadata if strawberry_field is not None else {}
