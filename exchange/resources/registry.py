from exchange.resources.people import COMPANIES, CUSTOMERS
from exchange.resources.resource import Kind
from exchange.resources.variants import VARIANTS

KINDS: dict[str, Kind] = {kind.name: kind for kind in (CUSTOMERS, COMPANIES, VARIANTS)}
