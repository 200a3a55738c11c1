"""Bugs in what is sent to other programs."""

from ops.planted_bugs.bug import Bug, one_edit

_DELIVERING = "tests/webhooks/test_delivering.py"
_ADDRESSES = "tests/webhooks/test_addresses.py"

BUGS: tuple[Bug, ...] = (
    one_edit(
        "webhooks: a try after the first one is not signed",
        _DELIVERING,
        "webhooks/sending/preparing.py",
        "            posts.append(Post(endpoint.pk, delivery.pk, message_id, endpoint.url, body, secrets, begun_by))",
        "            used = [] if delivery.tries else secrets\n"
        "            posts.append(Post(endpoint.pk, delivery.pk, message_id, endpoint.url, body, used, begun_by))",
    ),
    one_edit(
        "webhooks: addresses are looked at when a name is looked up, not when they are connected to",
        _ADDRESSES,
        "webhooks/sending/connector.py",
        "    return _session(TCPConnector(**_LIMITS, resolver=resolver, socket_factory=guarded_socket(ports)))",
        "    from aiohttp.resolver import DefaultResolver\n\n"
        "    inner = resolver or DefaultResolver()\n"
        "    look_up = inner.resolve\n\n"
        "    async def resolve(*asked: Any, **more: Any) -> Any:\n"
        "        found = await look_up(*asked, **more)\n"
        "        for one in found:\n"
        "            if not is_public(one['host']):\n"
        "                raise AddressRefused(errno.EACCES, 'It is none of the internet.')\n"
        "        return found\n\n"
        "    inner.resolve = resolve  # type: ignore[method-assign]\n"
        "    return _session(TCPConnector(**_LIMITS, resolver=inner))",
    ),
    one_edit(
        "webhooks: later events of a record do not wait for an earlier one",
        _DELIVERING,
        "webhooks/deliveries/claim_sql.py",
        "AND ahead = 0 AND place = 1 AND is_in_flight IS NOT TRUE",
        "AND place > 0",
    ),
    one_edit(
        "webhooks: what a killed sender had taken stays taken",
        _DELIVERING,
        "webhooks/deliveries/claim_sql.py",
        "SET leased_until = %(until)s, due_at = %(until)s",
        "SET leased_until = %(until)s, due_at = 'infinity'",
    ),
)
