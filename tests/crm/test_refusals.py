"""Refusals of services of the CRM: stages and lines of deals, e-mails, saved views."""

import pytest

from crm.models.email import Email
from crm.models.order_mail import OrderMail
from crm.models.pipeline import Pipeline, Stage, StageKind
from crm.models.saved_view import SavedView
from crm.pipeline.deal_ordering import DealCannotBeOrdered
from crm.reads.saved_views import MAX_VIEWS
from crm.services.deals.move_deal import DealHasLiveOrder, StageOfAnotherPipeline, move_deal
from crm.services.deals.order_deal import order_deal
from crm.services.deals.set_deal_lines import DealIsOrdered
from crm.services.mail.resend_email import NotFailed, send_again
from crm.services.mail.resend_order_mail import StillQueued, resend_order_mail
from crm.services.saved_views.save_view import TooManyViews, save_view
from orders.models.order_event import OrderEvent
from shared.actor import SYSTEM, Actor
from tests.shop.deal_lines import add_line
from tests.shop.goods import make_level
from tests.shop.http.deal_pages import opened, stage
from tests.shop.orders import order_of
from tests.shop.people import CustomerFactory, StaffFactory, make_buyer

pytestmark = pytest.mark.django_db


def test_a_deal_is_not_moved_into_a_stage_of_another_pipeline() -> None:
    deal = opened(make_buyer())
    other = Pipeline.objects.create(name="Wholesale")
    elsewhere = Stage.objects.create(pipeline=other, name="Asked", position=1, kind=StageKind.OPEN)

    with pytest.raises(StageOfAnotherPipeline):
        move_deal(deal_id=deal.pk, stage_id=elsewhere.pk, actor=SYSTEM)

    before = deal.stage_id
    deal.refresh_from_db()
    assert deal.stage_id == before


@pytest.mark.django_db(transaction=True)
def test_a_deal_with_a_live_order_keeps_its_lines_and_is_not_lost() -> None:
    buyer, level = make_buyer(), make_level(on_hand=5)
    deal = opened(buyer)
    with pytest.raises(DealCannotBeOrdered):
        order_deal(deal_id=deal.pk, actor=buyer.actor, agrees_prices=True)
    add_line(deal, level.variant_id)
    order_deal(deal_id=deal.pk, actor=buyer.actor, agrees_prices=True)

    with pytest.raises(DealIsOrdered):
        add_line(deal, level.variant_id)
    with pytest.raises(DealHasLiveOrder):
        move_deal(deal_id=deal.pk, stage_id=stage("Lost").pk, actor=SYSTEM, lost_reason="dear")

    deal.refresh_from_db()
    assert (deal.status, deal.lines.get().quantity) == ("won", 1)


def test_an_e_mail_that_did_not_fail_is_not_sent_again() -> None:
    customer = CustomerFactory.create()
    email = Email.objects.create(customer=customer, to=customer.email, subject="Hi", body="Hi")

    with pytest.raises(NotFailed):
        send_again(email_id=email.pk)


@pytest.mark.django_db(transaction=True)
def test_an_order_mail_that_still_waits_is_not_written_twice() -> None:
    order = order_of(make_buyer(), (make_level(on_hand=5), 1))
    mail = OrderMail.objects.create(order=order, event=OrderEvent.objects.get(order=order), kind="confirmation")

    with pytest.raises(StillQueued):
        resend_order_mail(mail_id=mail.pk, actor=SYSTEM)

    assert OrderMail.objects.count() == 1


def test_a_colleague_keeps_so_many_views_of_a_list_and_no_more() -> None:
    owner = StaffFactory.create()
    page = "orders.order"
    SavedView.objects.bulk_create(SavedView(owner=owner, page=page, name=f"View {n}") for n in range(MAX_VIEWS))
    actor = Actor(user_id=owner.pk, principal_id=owner.pk, label=owner.email)

    with pytest.raises(TooManyViews):
        save_view(page=page, name="One more", query="status=PAID", is_shared=False, actor=actor)

    assert SavedView.objects.filter(owner=owner).count() == MAX_VIEWS
