"""Running a query: graphql-core, but for values that are ready as they are."""

from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any, TypeGuard

from graphql import ExecutionResult, GraphQLObjectType, GraphQLSchema, execute, get_nullable_type, is_leaf_type
from graphql.execution import Executor
from graphql.language import OperationDefinitionNode
from graphql.pyutils import Path, Undefined
from graphql.type import is_list_type

from shared.graphql.documents import Document
from shared.graphql.doors import Context
from shared.graphql.rows import value_in

_KEY = "key of the row"
# Of a field its name in the answer, the key in the row of one that is ready, and what graphql-core has of it.
Way = tuple[str, str | None, Any]


def prepare_schema(schema: GraphQLSchema) -> GraphQLSchema:
    """Note of every field without a resolver of its own where its value stands: nearly all are so, and a page of orders
    has two thousand of them."""
    for kind in schema.type_map.values():
        for field in kind.fields.values() if isinstance(kind, GraphQLObjectType) else ():
            declared = field.extensions.get("strawberry-definition")
            if declared is None or declared.base_resolver is not None:
                continue
            field.resolve = _reader(declared.python_name)
            inner: Any = get_nullable_type(field.type)
            inner = get_nullable_type(inner.of_type) if is_list_type(inner) else inner
            if is_leaf_type(inner):
                field.extensions[_KEY] = declared.python_name
    return schema


def _reader(name: str) -> Callable[..., Any]:
    def read(source: Any, _info: Any) -> Any:
        return value_in(source, name) if isinstance(source, dict) else getattr(source, name)

    return read


class RowExecutor(Executor):
    """A row's values are what REST shows, ready for JSON: they are handed on as they are. One field at a time by
    graphql-core is half of a page's time, and nearly all fields are such values."""

    @cached_property
    def known_ways(self) -> dict[int, tuple[Any, list[Way]]]:
        """By the id of the fields, which are kept with them, so that no others can come to the same id."""
        return {}

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        if not isinstance(source_value, dict):
            return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
        shown: dict[str, Any] = {}
        for name, key, details in self._ways_of(parent_type, grouped_field_set):
            # None is the library's: it knows which fields must have a value.
            if key is not None and (value := value_in(source_value, key)) is not None:
                shown[name] = value
                continue
            answer = self.execute_field(
                parent_type, source_value, details, Path(path, name, parent_type.name), position_context
            )
            if answer is not Undefined:
                shown[name] = answer
        return shown

    def _ways_of(self, parent_type: GraphQLObjectType, fields: dict[str, Any]) -> list[Way]:
        """Of the fields that are asked of each row of a list, in order."""
        # The library collects them once for all rows.
        found = self.known_ways.get(id(fields))
        if found is None:
            ways = [(name, _key_of(parent_type, details), details) for name, details in fields.items()]
            found = self.known_ways[id(fields)] = fields, ways
        return found[1]


def _key_of(parent_type: GraphQLObjectType, details: Any) -> str | None:
    field = parent_type.fields.get(details[0].node.name.value)
    return field.extensions.get(_KEY) if field is not None else None


def run(
    schema: GraphQLSchema,
    document: Document,
    operation: OperationDefinitionNode,
    *,
    context: Context,
    variables: dict[str, Any],
) -> ExecutionResult:
    """What came of it; what failed stands in `errors`."""
    result = execute(
        schema,
        document.node,
        context_value=context,
        variable_values=variables,
        operation_name=operation.name.value if operation.name else None,
        executor_class=RowExecutor,
        is_awaitable=_never,
    )
    assert isinstance(result, ExecutionResult)  # noqa: S101 - nothing of ours is asynchronous
    return result


def _never(_value: Any) -> TypeGuard[Awaitable[Any]]:
    """graphql-core would look at every value whether it is to be awaited."""
    return False
