"""A row in every table of the CRM that has a rule."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from catalog.models.seller import Seller
from catalog.models.seller_member import SellerMember
from crm.models.activity import Activity
from crm.models.customer_merge import CustomerMerge, MergedRow
from crm.models.deal import Deal
from crm.models.deal_line import DealLine
from crm.models.deal_stage_change import DealStageChange
from crm.models.demo_row import DemoRow
from crm.models.duplicate_pair import DuplicatePair
from crm.models.email import Email, EmailTemplate
from crm.models.order_mail import OrderMail
from crm.models.saved_view import DefaultView, SavedView
from crm.models.segment import Segment, SegmentMember
from events.services.sequence_events import sequence_events
from exchange.models.data_export import Export
from exchange.models.data_import import Import
from exchange.models.import_rows import ImportChange, ImportRow
from exchange.models.stored_file import FileChunk, StoredFile
from orders.lifecycle.order_group import parent_id_of
from orders.models.order_event import OrderEvent
from orders.services.upkeep.refresh_sales import refresh_sales
from tests.shop.people import Buyer
from users.models.consent import Consent
from users.models.custom_field import CustomField
from users.models.sign_in import KnownPlace, SignInFailures
from users.models.staff_session import StaffSession
from users.models.team import Team
from users.models.user import User

_NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def fill_crm(buyer: Buyer, deal: Deal, *, variant_id: UUID) -> None:
    user, customer = User.objects.all()[0], buyer.customer
    refresh_sales(now=datetime.now(UTC) + timedelta(minutes=1))
    sequence_events()
    User.objects.filter(pk=user.pk).update(calendar_token_hash="secret")
    Team.objects.create(name="North")
    SellerMember.objects.create(user=user, seller=Seller.objects.all()[0])
    CustomField.objects.create(model="customer", key="size", label="Size")
    Consent.objects.create(customer=customer, purpose="profiling", is_given=True, source="call")
    StaffSession.objects.create(user=user, session_key="0" * 40)
    KnownPlace.objects.create(user=user, key="address 192.0.2.1")
    SignInFailures.objects.create(account="nobody@example.com")
    activity = Activity.objects.create(customer=customer, text="Prefers mornings")
    DealLine.objects.create(deal=deal, variant_id=variant_id)
    DemoRow.objects.create(table="crm_deal", row=deal.pk)
    DealStageChange.objects.create(deal=deal, stage=deal.stage, entered_at=_NOON)
    EmailTemplate.objects.create(name="Thanks", subject="Thanks", body="Thank you.")
    Email.objects.create(customer=customer, activity=activity, to=customer.email, subject="Hi", body="Hi")
    event = OrderEvent.objects.all()[0]
    OrderMail.objects.create(order_id=parent_id_of(event.order), event=event, kind="confirmation")
    mine = SavedView.objects.create(owner=user, page="orders.order", name="Mine")
    DefaultView.objects.create(owner=user, page="orders.order", view=mine)
    SegmentMember.objects.create(segment=Segment.objects.create(name="Regulars"), customer=customer)
    file = StoredFile.objects.create(name="people.csv")
    FileChunk.objects.create(file=file, position=0, data=b"name")
    done = Import.objects.create(kind="customers", file=file, file_name=file.name, created_by=user)
    ImportRow.objects.create(data_import=done, number=2)
    ImportChange.objects.create(data_import=done, model="users_customer", object_id=customer.pk, after={})
    Export.objects.create(kind="customers", created_by=user)
    merge = CustomerMerge.objects.create(kept=customer, duplicate_id=uuid4())
    MergedRow.objects.create(merge=merge, kind="moved", table_name="crm_task", row_id="1", column_name="customer_id")
    twin = type(customer).objects.create(name=customer.name, email=customer.email)
    DuplicatePair.objects.create(first=customer, second=twin, score=90, reasons=["email"])
