import pytest

from tests.contracts.orders.http import Caller, login
from tests.factories.people import CustomerFactory, SuperuserFactory, UserFactory


@pytest.fixture
def staff(db: None) -> Caller:
    """The login of somebody who may do everything."""
    return login(SuperuserFactory())


@pytest.fixture
def buyer(db: None) -> Caller:
    """A customer's own login."""
    return login(CustomerFactory(user=UserFactory()).user)


@pytest.fixture
def visitor(db: None) -> Caller:
    """Nobody signed in."""
    return Caller()
