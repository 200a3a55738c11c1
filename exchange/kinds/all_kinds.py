from exchange.kinds.kind import Kind
from exchange.kinds.people import COMPANIES, CUSTOMERS
from exchange.kinds.variants import VARIANTS

KINDS: dict[str, Kind] = {kind.name: kind for kind in (CUSTOMERS, COMPANIES, VARIANTS)}
