"""The board of deals: cards are dragged, columns are added up."""

from decimal import Decimal

import pytest
from django.test import Client

from crm.models.pipeline import Pipeline, Stage
from tests.shop.http.admin_pages import signed_in, statements, superuser, text_of
from tests.shop.http.deal_pages import board_url, drag, opened, stage, way
from tests.shop.people import Buyer, make_buyer
from users.models.team import Team
from users.models.user import User


@pytest.fixture
def boss(db: None) -> Client:
    return signed_in(superuser())


@pytest.fixture
def buyer(db: None) -> Buyer:
    return make_buyer()


def test_of_two_who_drag_the_same_card_the_second_is_told(boss: Client, buyer: Buyer) -> None:
    deal = opened(buyer)  # both boards show it like this

    first = drag(boss, deal, stage("Qualified"))
    second = drag(boss, deal, stage("Proposal"))
    same = drag(boss, deal, stage("Qualified"))

    assert (first.status_code, second.status_code, same.status_code) == (200, 412, 200)
    assert "changed by somebody else meanwhile; it stands at Qualified" in second.json()["message"]
    assert "Forty chairs" in second.json()["html"]
    assert [name for name, _ in way(deal)] == ["New", "Qualified"]


def test_the_board_asks_why_a_deal_is_lost(boss: Client, buyer: Buyer) -> None:
    deal = opened(buyer)

    silent = drag(boss, deal, stage("Lost"))
    said = drag(boss, deal, stage("Lost"), lost_reason="too dear")
    nonsense = boss.post(board_url("board_move"), {"deal": "x", "stage": "", "seen": "noon"})

    deal.refresh_from_db()
    assert (silent.status_code, said.status_code, nonsense.status_code) == (400, 200, 400)
    assert (deal.status, deal.lost_reason) == ("lost", "too dear")
    assert boss.get(board_url("board_move")).status_code == 303


def test_the_board_adds_up_by_column_and_currency(boss: Client, buyer: Buyer) -> None:
    opened(buyer, "Chairs", details={"value": Decimal(100), "probability": 50})
    opened(buyer, "Tables", details={"value": Decimal(200)})
    opened(buyer, "Lamps", details={"value": Decimal(40), "currency": "EUR"})
    renewals = Pipeline.objects.create(name="Renewals")
    again = Stage.objects.create(pipeline=renewals, name="Again", position=1)
    opened(buyer, "Next year", stage_id=again.pk)

    shown = text_of(boss.get(board_url()))
    other = text_of(boss.get(f"{board_url()}?pipeline={renewals.pk}"))

    assert "New 3" in shown
    assert "300.00 USD weighted 70.00 USD" in shown  # 100 at 50 %, 200 at the stage's 10 %
    assert "40.00 EUR weighted 4.00 EUR" in shown
    assert "Next year" not in shown
    assert "Next year" in other
    assert boss.get(f"{board_url()}?pipeline=none").status_code == 404


def test_the_board_shows_mine_my_teams_or_everybodys_deals(buyer: Buyer) -> None:
    team = Team.objects.create(name="North")
    me, mate, stranger = superuser(), superuser("mate@example.com"), superuser("other@example.com")
    User.objects.filter(pk__in=[me.pk, mate.pk]).update(team=team)
    for owner in (me, mate, stranger):
        opened(buyer, f"Of {owner.email}", details={"owner_id": owner.pk})

    def shown(client: Client, whose: str) -> list[str]:
        page = client.get(f"{board_url()}?whose={whose}").content.decode()
        return [one.email for one in (me, mate, stranger) if f'data-title="Of {one.email}"' in page]

    desk = signed_in(me)
    assert shown(desk, "mine") == [me.email]
    assert shown(desk, "team") == [me.email, mate.email]
    assert shown(desk, "") == shown(desk, "nonsense") == [me.email, mate.email, stranger.email]
    assert "My team" in text_of(desk.get(board_url()))
    assert "My team" not in text_of(signed_in(stranger).get(board_url()))
    moved = desk.post(f"{board_url('board_move')}?whose=mine", {"deal": "x"}).json()["html"]
    assert mate.email not in moved


def test_the_board_asks_the_same_however_many_deals_there_are(boss: Client, buyer: Buyer) -> None:
    opened(buyer)
    few = statements(boss, board_url())
    for number in range(25):
        opened(make_buyer(), f"Deal {number}", stage_id=stage("Proposal").pk)

    many = statements(boss, board_url())
    page = boss.get(board_url()).content.decode()
    more = boss.get(f"{board_url()}?opened={stage('Proposal').pk}").content.decode()

    assert len(many) == len(few) <= 13  # one reads the shop, whose name is on each page
    assert page.count("data-deal=") == 21
    assert "Show more" in page
    assert more.count("data-deal=") == 26
