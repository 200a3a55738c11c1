from exchange.resources.people import COMPANIES, CUSTOMERS
from exchange.resources.resource import ImportResource
from exchange.resources.variants import VARIANTS

IMPORT_RESOURCES: dict[str, ImportResource] = {resource.name: resource for resource in (CUSTOMERS, COMPANIES, VARIANTS)}
