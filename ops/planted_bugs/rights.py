"""Bugs that let somebody see or do what is not theirs."""

from ops.planted_bugs.bug import Bug, one_edit

SCOPES = "tests/rights/test_scopes.py"
AGREED = "tests/rights/test_agreed_prices.py"
REACH = "tests/rights/test_reach_of_others.py"
RANK = "tests/rights/test_rank.py"
GRAPHQL = "tests/config/graphql/test_graphql_rights.py"
REREADS = "tests/orders/reads/test_rereads.py"

BUGS: tuple[Bug, ...] = (
    one_edit(
        "a customer sees everyone's orders",
        "tests/orders/reads/test_order_lists.py",
        "orders/api/record_access.py",
        "    if is_staff(request):\n        return Q()\n",
        "    return Q()\n",
    ),
    one_edit(
        "a deal is ordered with the scope of the CRM alone",
        SCOPES,
        "crm/api/deals/views.py",
        '"order": (Scope.CRM_WRITE, Scope.ORDERS_WRITE)',
        '"order": Scope.CRM_WRITE',
    ),
    one_edit(
        "all that is kept about a person is read with the scope of the CRM",
        SCOPES,
        "crm/api/privacy/views.py",
        '"read": Scope.PRIVACY_READ',
        '"read": Scope.CRM_READ',
    ),
    one_edit(
        "one of an action's scopes is enough",
        SCOPES,
        "shared/api/permissions.py",
        "return bool(scopes) and not lacking",
        "return len(lacking) < len(scopes)",
    ),
    one_edit(
        "a key orders a deal at any price",
        AGREED,
        "crm/services/deals/order_deal.py",
        "    if not agrees_prices:\n",
        "    if not deal:\n",
    ),
    one_edit(
        "an edit gives money back without the right to refund",
        AGREED,
        "orders/services/orders/edit_order.py",
        "if not may_refund and _settlement_of(group, plan).back:",
        "if not may_refund and _settlement_of(group, plan).due:",
    ),
    one_edit(
        "staff without a role may do everything over the API",
        "tests/rights/test_ownership.py",
        "shared/api/principal.py",
        "return is_staff(request) and request.user.has_perm(permission)",
        "return is_staff(request) and (not request.user.has_role or request.user.has_perm(permission))",
    ),
    one_edit(
        "a colleague's customer is merged away over the API",
        REACH,
        "crm/api/merging/views.py",
        "        check_may_change(request.user, kept, duplicate)\n",
        "",
    ),
    one_edit(
        "a colleague's customer is merged away in the admin",
        REACH,
        "crm/admin/merging/duplicates.py",
        "        check_may_change(request.user, kept, duplicate)\n",
        "",
    ),
    one_edit(
        "of two customers to merge one must be within reach",
        REACH,
        "users/access/ownership.py",
        "if not all(may_change(user, row) for row in rows):",
        "if not any(may_change(user, row) for row in rows):",
    ),
    one_edit(
        "undoing a merge looks at the kept customer alone",
        REACH,
        "crm/merging/visibility.py",
        "check_may_change(user, merge.kept, *back)",
        "check_may_change(user, merge.kept)",
    ),
    one_edit(
        "anybody says of a colleague's customer that it is another",
        REACH,
        "crm/api/merging/views.py",
        "        check_may_change(request.user, pair.first, pair.second)\n",
        "",
    ),
    one_edit(
        "a lead is converted into a colleague's customer",
        REACH,
        "crm/api/leads/views.py",
        '            check_may_change(request.user, *Customer.objects.filter(pk=body["customer_id"]))\n',
        "",
    ),
    one_edit(
        "a list of the admin compares any column",
        "tests/rights/test_admin_lookups.py",
        "shared/admin/changelist.py",
        "            if key not in self._declared_lookups():\n",
        "            if not key:\n",
    ),
    one_edit(
        "a calendar's secret is kept as it is",
        "tests/crm/tasks/test_calendar.py",
        "crm/services/tasks/make_calendar_token.py",
        "return sha256(token.encode()).hexdigest()",
        "return sha256(token.encode()).hexdigest() and token",
    ),
    one_edit(
        "whoever changes logins sets the password of somebody who may do more",
        RANK,
        "users/access/rank.py",
        "return logins.filter(Q(pk=user.pk) | ~more, is_superuser=False)",
        "return logins.filter(Q(pk=user.pk) | ~Q(pk=None), is_superuser=False)",
    ),
    one_edit(
        "a role is given with rights beyond one's own",
        RANK,
        "users/access/rank.py",
        'links.filter(permission__in=_permissions_beyond(user)).values("group_id")',
        'links.none().values("group_id")',
    ),
    one_edit(
        "a record's history shows what its reader may not view",
        RANK,
        "shared/admin/history.py",
        "sorted(set(tables) - tables_hidden_from(request.user))",
        "sorted(set(tables) - tables_hidden_from(request.user).difference(tables))",
    ),
    one_edit(
        "the orders that hang on a row of GraphQL are everybody's",
        GRAPHQL,
        "orders/graphql/kinds.py",
        "    rows = as_queryset(view.get_queryset())\n",
        "    rows = as_queryset(view.get_all())\n",
    ),
    one_edit(
        "one edge of GraphQL asks for no right",
        GRAPHQL,
        "shared/graphql/doors.py",
        "            view.check_permissions(view.request)\n",
        "            view.request.auth or view.check_permissions(view.request)\n",
    ),
    one_edit(
        "304 is answered to whoever has the tag of another's order",
        REREADS,
        "orders/api/order_tags.py",
        "        if may_see(request, customer_id):\n",
        "        if customer_id:\n",
    ),
    one_edit(
        "the tag of an order is the same for whoever sees a part of it",
        REREADS,
        "orders/api/order_tags.py",
        "    if sellers is None and not hidden:\n",
        "    if sellers or not sellers:\n",
    ),
)
