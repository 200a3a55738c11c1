"""/users, /customers and /companies."""

from uuid import uuid4

from orders.models.order import Order
from tests.shop.goods import make_level
from tests.shop.http.api_client import Caller, login, ok, pointers, refused
from tests.shop.orders import order_of
from tests.shop.people import CompanyFactory, CustomerFactory, StaffFactory, UserFactory, make_buyer
from users.models.customer import Customer
from users.models.tag import Tag

CUSTOMER_FIELDS = {
    "id",
    "name",
    "email",
    "phone",
    "address",
    "addresses",
    "language",
    "country",
    "tax_number",
    "company",
    "group",
    "tags",
    "user",
    "owner",
    "custom_fields",
    "metadata",
    "created_at",
    "updated_at",
}


def test_staff_read_all_users_others_only_themselves(staff: Caller, buyer: Caller, visitor: Caller) -> None:
    emails = {row["email"] for row in ok(staff.get("/users"))["results"]}

    assert emails == {staff.user.email, buyer.user.email}
    assert ok(staff.get("/users/me"))["roles"] == ["superuser", "staff"]
    assert ok(buyer.get(f"/users/{buyer.user.pk}"))["customer"] == str(buyer.customer.pk)
    refused(buyer.get(f"/users/{staff.user.pk}"), 404, "not_found")
    refused(buyer.get("/users"), 403, "permission_denied")
    refused(visitor.get("/users/me"), 401, "not_authenticated")
    assert not {"password", "is_superuser"} & ok(staff.get("/users/me")).keys()


def test_a_customer_is_created_with_a_name_and_an_email_address(staff: Caller) -> None:
    response = staff.post("/customers", {"name": "Ada", "email": "ada@example.com"})

    body = ok(response, 201)
    assert body.keys() == CUSTOMER_FIELDS
    assert (body["phone"], body["company"], body["tags"], body["user"]) == ("", None, [], None)
    assert response["Location"].endswith(f"/api/v1/customers/{body['id']}")
    assert ok(staff.get(response["Location"])) == body


def test_tags_are_names_made_when_new_whatever_their_case(staff: Caller) -> None:
    Tag.objects.create(name="VIP")
    customer = CustomerFactory.create()

    body = ok(staff.patch(f"/customers/{customer.pk}", {"tags": ["vip", "Wholesale", "wholesale"]}))

    assert [tag.lower() for tag in body["tags"]] == ["vip", "wholesale"]
    assert Tag.objects.count() == 2
    assert ok(staff.patch(f"/customers/{customer.pk}", {"tags": []}))["tags"] == []


def test_company_and_login_are_ids_that_must_exist(staff: Caller) -> None:
    company, user = CompanyFactory.create(), UserFactory.create()
    body = {"name": "Ada", "email": "ada@example.com", "company": str(company.pk), "user": str(user.pk)}

    created = ok(staff.post("/customers", body), 201)
    unknown = refused(staff.post("/customers", {**body, "company": str(uuid4()), "user": str(uuid4())}), 400, "invalid")
    taken = refused(staff.post("/customers", body), 409, "already_exists")

    assert (created["company"], created["user"]) == (str(company.pk), str(user.pk))
    assert sorted(pointers(unknown)) == ["/company", "/user"]
    assert pointers(taken) == ["/user"]


def test_a_colleague_looks_after_customers_and_companies(staff: Caller, buyer: Caller) -> None:
    colleague = StaffFactory.create()

    for path, body in (("/customers", {"name": "Ada", "email": "a@x.example"}), ("/companies", {"name": "Engines"})):
        made = ok(staff.post(path, {**body, "owner": str(colleague.pk)}), 201)
        assert made["owner"] == str(colleague.pk)
        assert ok(staff.patch(f"{path}/{made['id']}", {"owner": None}))["owner"] is None
        nobody = refused(staff.patch(f"{path}/{made['id']}", {"owner": str(buyer.user.pk)}), 400, "invalid")
        assert pointers(nobody) == ["/owner"]
    Customer.objects.filter(pk=buyer.customer.pk).update(owner=colleague)
    assert ok(buyer.get(f"/customers/{buyer.customer.pk}"))["owner"] is None, "for staff alone"


def test_address_and_language_are_a_customers_own_to_change(buyer: Caller) -> None:
    own = f"/customers/{buyer.customer.pk}"

    changed = ok(buyer.patch(own, {"address": "1 High St", "language": "uk"}))

    assert (changed["address"], changed["language"]) == ("1 High St", "uk")
    wrong = refused(buyer.patch(own, {"address": "x" * 1001, "language": "xx"}), 400, "invalid")
    assert pointers(wrong) == ["/address", "/language"]


def test_a_customer_reads_and_edits_itself_and_nobody_else(buyer: Caller) -> None:
    stranger = CustomerFactory.create(name="Stranger")
    own, other = f"/customers/{buyer.customer.pk}", f"/customers/{stranger.pk}"

    assert [row["id"] for row in ok(buyer.get("/customers"))["results"]] == [str(buyer.customer.pk)]
    assert ok(buyer.patch(own, {"phone": "123", "name": "New", "email": "n@example.com"}))["phone"] == "123"
    for response in (buyer.get(other), buyer.patch(other, {"name": "Mine"})):
        refused(response, 404, "not_found")
    refused(buyer.delete(own), 403, "permission_denied")
    refused(buyer.post("/customers", {"name": "A", "email": "a@example.com"}), 403, "permission_denied")
    problem = refused(buyer.patch(own, {"tags": ["vip"], "user": str(buyer.user.pk), "company": None}), 400, "invalid")
    assert sorted(pointers(problem)) == ["/company", "/tags", "/user"]
    stranger.refresh_from_db()
    assert stranger.name == "Stranger"


def test_a_login_without_customer_sees_none(db: None) -> None:
    CustomerFactory.create()

    assert ok(login(UserFactory.create()).get("/customers"))["results"] == []


def test_every_fault_in_a_customer_is_named(staff: Caller) -> None:
    body = {"name": " ", "email": "no", "phone": 5, "tags": ["x", 1], "company": "x", "id": "1", "nope": 1}

    problem = refused(staff.post("/customers", body), 400, "invalid")

    assert {(error["pointer"], error["code"]) for error in problem["errors"]} == {
        ("/name", "blank"),
        ("/email", "invalid"),
        ("/phone", "wrong_type"),
        ("/tags/1", "wrong_type"),
        ("/company", "invalid"),
        ("/id", "unknown_field"),
        ("/nope", "unknown_field"),
    }
    assert not Customer.objects.exists()


def test_a_customer_without_orders_is_deleted_one_with_orders_is_kept(staff: Caller) -> None:
    lonely, busy = CustomerFactory.create(), make_buyer()
    order_of(busy, (make_level(on_hand=1), 1))

    assert staff.delete(f"/customers/{lonely.pk}").status_code == 204
    refused(staff.delete(f"/customers/{lonely.pk}"), 404, "not_found")
    refused(staff.delete(f"/customers/{busy.customer.pk}"), 409, "customer_has_orders")
    assert Order.objects.get().customer_id == busy.customer.pk


def test_customers_are_found_by_email_name_tag_and_company(staff: Caller) -> None:
    company = CompanyFactory.create()
    ada = CustomerFactory.create(name="Ada Byron", email="Ada@example.com", company=company)
    ada.tags.add(Tag.objects.create(name="VIP"))
    CustomerFactory.create(name="Grace")

    for query in ({"email": "ada@EXAMPLE.com"}, {"name": "ada b"}, {"tag": "vip"}, {"company": str(company.pk)}):
        assert [row["id"] for row in ok(staff.get("/customers", **query))["results"]] == [str(ada.pk)]


def test_companies_belong_to_staff_and_leave_their_customers_behind(staff: Caller, buyer: Caller) -> None:
    created = ok(staff.post("/companies", {"name": "Engines", "website": "https://example.com"}), 201)
    customer = CustomerFactory.create(company_id=created["id"])
    path = f"/companies/{created['id']}"

    assert ok(staff.patch(path, {"phone": "1"}))["phone"] == "1"
    assert pointers(refused(staff.patch(path, {"website": "javascript:alert(1)"}), 400, "invalid")) == ["/website"]
    refused(buyer.get("/companies"), 403, "permission_denied")
    assert staff.delete(path).status_code == 204
    customer.refresh_from_db()
    assert customer.company is None
