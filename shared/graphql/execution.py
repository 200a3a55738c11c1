"""Running a query: graphql-core, but for values that are ready as they are."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeGuard

from graphql import ExecutionResult, GraphQLObjectType, GraphQLSchema, execute, get_nullable_type, is_leaf_type
from graphql.execution import Executor
from graphql.language import OperationDefinitionNode
from graphql.type import is_list_type

from shared.graphql.documents import Document
from shared.graphql.doors import Context
from shared.graphql.rows import value_in

_KEY = "key of the row"


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
    """A row's values are what REST shows, ready for JSON: they are handed on as they are. That is a third of a page's
    time."""

    def execute_field(
        self, parent_type: GraphQLObjectType, source: Any, field_details_list: Any, path: Any, position_context: Any
    ) -> Any:
        if isinstance(source, dict):
            field = parent_type.fields.get(field_details_list[0].node.name.value)
            key = field.extensions.get(_KEY) if field is not None else None
            # None is the library's: it knows which fields must have a value.
            if key is not None and (value := value_in(source, key)) is not None:
                return value
        return super().execute_field(parent_type, source, field_details_list, path, position_context)


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
