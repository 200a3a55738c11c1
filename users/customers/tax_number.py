"""Which tax number is a customer's."""

from users.models.customer import Customer


def tax_number_of(customer: Customer) -> str:
    """Its own, else the company's; orders.placing.sql asks the same. The customer comes with its company."""
    return customer.tax_number or (customer.company.tax_number if customer.company else "")
