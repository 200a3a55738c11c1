"""Whose records a role reaches, over the API and in the admin; and the orders and stock of one's own sellers."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils.html import escape

from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from crm.models.lead import Lead
from crm.models.task import Task
from orders.models.order import Order
from tests.shop.goods import SellerFactory, VariantFactory, make_level, stock_at
from tests.shop.http.admin_pages import list_url, page_url, signed_in, text_of
from tests.shop.http.api_client import Caller, login, machine, ok, refused
from tests.shop.orders import order_of
from tests.shop.people import CompanyFactory, CustomerFactory, StaffFactory, make_buyer
from users.models.api_key import Scope
from users.models.company import Company
from users.models.customer import Customer
from users.models.role import AccessLevel, Role
from users.models.team import Team
from users.models.user import User
from users.services.ensure_roles import ensure_roles

SEEN = {AccessLevel.OWN: {"mine", "nobody's"}, AccessLevel.TEAM: {"mine", "nobody's", "team's"}}
SEEN[AccessLevel.ALL] = {*SEEN[AccessLevel.TEAM], "other's"}


@pytest.fixture
def me(db: None) -> User:
    return with_role("sales", team=Team.objects.create(name="North"))


@pytest.fixture
def customers(me: User) -> dict[str, Customer]:
    """One of each owner, named after whose it is."""
    owners = {
        "mine": me,
        "team's": StaffFactory.create(team=me.team),
        "other's": StaffFactory.create(),
        "nobody's": None,
    }
    return {whose: CustomerFactory.create(name=whose, owner=owner) for whose, owner in owners.items()}


def with_role(key: str, **fields: object) -> User:
    user = StaffFactory.create(**fields)
    user.groups.add(Group.objects.get(name=key))
    return user


def level(**fields: object) -> None:
    Role.objects.filter(key="sales").update(**fields)


def names(caller: Caller) -> set[str]:
    return {row["name"] for row in ok(caller.get("/customers"))["results"]}


@pytest.mark.parametrize("sees", AccessLevel.values)
def test_a_role_sees_as_far_as_it_reaches(me: User, customers: dict[str, Customer], sees: AccessLevel) -> None:
    level(sees=sees)

    page = text_of(signed_in(me).get(list_url(Customer)))

    assert names(login(me)) == SEEN[sees]
    assert {whose for whose in customers if whose in page} == SEEN[sees]
    for whose, customer in customers.items():
        there = whose in SEEN[sees]
        assert login(me).get(f"/customers/{customer.pk}").status_code == (200 if there else 404)
        assert signed_in(me).get(page_url(customer)).status_code == (200 if there else 302)
        assert signed_in(me).get(page_url(customer, "page")).status_code == (200 if there else 404)


@pytest.mark.parametrize("changes", AccessLevel.values)
def test_a_role_changes_as_far_as_it_reaches(me: User, customers: dict[str, Customer], changes: AccessLevel) -> None:
    level(changes=changes)
    form = {"email": "new@example.com", "phone": "", "language": "en", "address": ""}

    for whose, customer in customers.items():
        answer = login(me).patch(f"/customers/{customer.pk}", {"phone": "1"})
        posted = signed_in(me).post(page_url(customer), {**form, "name": whose})
        assert answer.status_code == (200 if whose in SEEN[changes] else 403), whose
        assert (posted.status_code != 403) == (whose in SEEN[changes]), whose
    assert set(Customer.objects.filter(phone="1").values_list("name", flat=True)) <= SEEN[changes]


def test_pages_that_change_a_record_refuse_anothers(me: User) -> None:
    lead = Lead.objects.create(name="Ada", email="ada@example.com", owner=StaffFactory.create())
    task = Task.objects.create(title="Call", assignee=StaffFactory.create())
    customer = CustomerFactory.create(owner=StaffFactory.create())
    lives_at = {"a1_kind": "delivery", "a1_lines": "1 Main St", "a1_city": "Kyiv", "a1_country": "UA"}

    assert signed_in(me).get(page_url(lead, "convert")).status_code == 403
    assert signed_in(me).post(page_url(task, "complete")).status_code == 403
    assert signed_in(me).get(page_url(customer, "addresses")).status_code == 403
    assert signed_in(me).post(page_url(customer, "addresses"), lives_at).status_code == 403
    task.refresh_from_db()
    assert task.done_at is None


def test_a_list_names_nobody_whom_the_colleague_does_not_see(me: User, customers: dict[str, Customer]) -> None:
    level(sees=AccessLevel.OWN)
    chip = '<li class="k-chip"><span>Customer: {}'

    for whose, told in (("other's", str(customers["other's"].pk)), ("mine", str(customers["mine"]))):
        asked = {"customer__id__exact": str(customers[whose].pk)}
        page = signed_in(me).get(list_url(Task), asked).content.decode()
        assert chip.format(escape(told)) in page, whose
        assert (escape(customers[whose].email) in page) == (whose == "mine"), whose


def test_whoever_adds_a_record_owns_it_but_no_machine_does(me: User) -> None:
    body = {"name": "Ada", "email": "ada@example.com"}

    by_hand = ok(login(me).post("/customers", body), 201)
    by_key = ok(machine(me, Scope.CUSTOMERS_WRITE).post("/customers", body), 201)
    company = ok(login(me).post("/companies", {"name": "Engines"}), 201)

    owner_of = dict(Customer.objects.values_list("pk", "owner"))
    assert {str(pk): owner for pk, owner in owner_of.items()} == {by_hand["id"]: me.pk, by_key["id"]: None}
    assert Company.objects.get(pk=company["id"]).owner == me


def test_who_gives_a_customer_away_is_shown_what_was_saved_and_sees_it_no_more(me: User) -> None:
    level(sees=AccessLevel.OWN, changes=AccessLevel.OWN)
    mine, other = CustomerFactory.create(owner=me), StaffFactory.create()

    given = ok(login(me).patch(f"/customers/{mine.pk}", {"owner": str(other.pk)}))

    assert given["owner"] == str(other.pk)
    refused(login(me).get(f"/customers/{mine.pk}"), 404, "not_found")


def test_the_widest_of_several_roles_counts(me: User, customers: dict[str, Customer]) -> None:
    level(sees=AccessLevel.OWN, changes=AccessLevel.OWN)
    me.groups.add(Group.objects.get(name="manager"))

    assert names(login(me)) == SEEN[AccessLevel.ALL]
    others = customers["other's"]
    ok(login(me).patch(f"/customers/{others.pk}", {"phone": "1"}))


def test_a_warehouse_user_creates_no_companies_and_neither_does_their_key(db: None) -> None:
    keeper, company = with_role("warehouse"), CompanyFactory.create()

    for caller in (login(keeper), machine(keeper, *Scope.values)):
        problem = refused(caller.post("/companies", {"name": "Mine"}), 403, "permission_denied")
        assert "users.add_company" in problem["detail"]
        refused(caller.delete(f"/companies/{company.pk}"), 403, "permission_denied")
    assert Company.objects.count() == 1


def test_what_an_administrator_took_from_a_role_stays_taken(db: None) -> None:
    sales = Group.objects.get(name="sales")
    taken = sales.permissions.get(codename="add_order")
    sales.permissions.remove(taken)
    Group.objects.get(name="seller").delete()

    ensure_roles()

    assert not sales.permissions.filter(pk=taken.pk).exists()
    assert sales.permissions.filter(codename="view_order").exists()
    assert not Group.objects.filter(name="seller").exists()


def test_a_right_that_was_part_of_a_wider_one_goes_to_who_has_that_still(db: None) -> None:
    """As after an upgrade: the right is new, and an administrator took the wider one from the managers."""
    wide, new = (Permission.objects.get(codename=name) for name in ("erase_customers", "export_person"))
    for group in Group.objects.filter(permissions=new):
        group.permissions.remove(new)
    for role in Role.objects.all():
        role.offered = [label for label in role.offered if label != "users.export_person"]
        role.save()
    Group.objects.get(name="manager").permissions.remove(wide)
    own = Group.objects.create(name="privacy officers")
    own.permissions.add(wide)

    ensure_roles()

    assert set(Group.objects.filter(permissions=new).values_list("name", flat=True)) == {"admin", "privacy officers"}
    own.permissions.remove(new)
    ensure_roles()
    assert not own.permissions.filter(pk=new.pk).exists()


def test_staff_without_a_role_read_themselves_alone(db: None) -> None:
    plain = StaffFactory.create()
    customer = CustomerFactory.create()

    for caller in (login(plain), machine(plain, *Scope.values)):
        for path in ("/orders", "/customers", f"/customers/{customer.pk}", "/users", "/stock-levels", "/leads"):
            refused(caller.get(path), 403, "permission_denied")
        assert ok(caller.get("/users/me"))["email"] == plain.email
        refused(caller.patch(f"/customers/{customer.pk}", {"phone": "1"}), 403, "permission_denied")


def test_only_superusers_reach_superusers(db: None) -> None:
    boss = User.objects.create_superuser("boss@example.com", "a-long-password")
    client = signed_in(with_role("admin"))

    client.post(page_url(boss), {"email": "mine@example.com"})
    client.post(f"/admin/users/user/{boss.pk}/password/", {"password1": "mine-all-mine", "password2": "mine-all-mine"})

    boss.refresh_from_db()
    assert boss.email == "boss@example.com"
    assert boss.check_password("a-long-password")


def test_a_sellers_people_see_its_orders_and_stock_alone(db: None) -> None:
    own, other = SellerFactory.create(), SellerFactory.create()
    helper = with_role("seller")
    variants = [VariantFactory.create(), VariantFactory.create()]
    levels = [stock_at(variant, 9, seller=seller) for variant, seller in zip(variants, (own, other), strict=True)]
    buyer = make_buyer()
    whole, foreign = order_of(buyer, (levels[0], 1), (levels[1], 2)), order_of(buyer, (levels[1], 1))
    shared = Order.objects.get(parent=whole, seller=own)
    caller, client = login(helper), signed_in(helper)

    assert ok(caller.get("/orders"))["results"] == []  # of no seller yet
    SellerMember.objects.create(user=helper, seller=own)

    assert [row["id"] for row in ok(caller.get("/orders"))["results"]] == [str(shared.pk)]
    assert [row["id"] for row in ok(caller.get("/orders", status="PENDING"))["results"]] == [str(shared.pk)]
    seen = ok(caller.get(f"/orders/{shared.pk}"))
    assert [item["seller"] for item in seen["items"]] == [str(own.pk)]
    assert seen["events"] == seen["payments"] == []
    refused(caller.get(f"/orders/{foreign.pk}"), 404, "not_found")
    assert [row["seller"] for row in ok(caller.get("/order-items"))["results"]] == [str(own.pk)]
    assert [row["id"] for row in ok(caller.get("/stock-levels"))["results"]] == [str(levels[0].pk)]
    refused(caller.get(f"/stock-levels/{levels[1].pk}/movements"), 404, "not_found")
    assert client.get(page_url(shared)).status_code == 200
    assert client.get(page_url(foreign)).status_code == 302
    assert variants[1].sku not in text_of(client.get(page_url(shared)))
    assert client.get(page_url(levels[1])).status_code == 302
    assert "Revenue" not in text_of(client.get("/admin/"))


def test_a_sellers_role_alone_narrows_what_its_people_see(db: None) -> None:
    SellerMember.objects.create(user=(plain := with_role("sales")), seller=Seller.objects.all()[0])
    order = order_of(make_buyer(), (make_level(on_hand=1), 1))

    assert [row["id"] for row in ok(login(plain).get("/orders"))["results"]] == [str(order.pk)]
