"""Lines that services wrote as English alone get the message they were made of, so that they are read in any language."""

import re

from django.db import migrations

_AT_ONCE = 2_000
# The first that fits is taken: what fits less stands in front. Frozen as version 0.2.0 wrote them.
_SUBJECTS = (
    ("deal.opened", r"Deal opened: (?P<title>.*)"),
    ("task.done", r"Task done: (?P<title>.*)"),
    ("email.not_sent", r"E-mail not sent: (?P<subject>.*)"),
    ("lead.joined", r"Lead (?P<lead>.*) is the customer (?P<customer>.*)"),
    ("lead.converted", r"Lead (?P<lead>.*) became a customer"),
    ("customer.merge_undone", r"Merge with (?P<customer>.*) undone"),
    ("customer.merged", r"Merged with (?P<customer>.*)"),
    ("customer.erased", r"Personal data erased"),
    ("tag.added", r"Tag (?P<tag>.*) added"),
    ("tag.removed", r"Tag (?P<tag>.*) removed"),
    ("deal.lines_changed", r"(?P<title>.*): lines changed"),
    ("deal.ordered", r"(?P<title>.*): order (?P<number>.*) placed"),
    ("deal.changed", r"(?P<title>.*): (?P<fields>[A-Za-z, ]+) changed"),
    ("record.changed", r"(?P<fields>[A-Za-z, ]+) changed"),
)
_TEXTS = (
    ("deal.stage", r"Stage: (?P<stage>.*)"),
    ("deal.no_lines", r"No lines any more\."),
    ("email.consent_withdrawn", r"The customer has withdrawn the consent to marketing by e-mail\."),
    ("merge.nothing_moved", r"(?P<customer>.*): nothing had to be moved\."),
    ("merge.moved", r"(?P<customer>.*): (?P<counts>\d+ [a-z-]+(?: [a-z-]+)*(?:, \d+ [a-z-]+(?: [a-z-]+)*)*)\."),
)


def add_messages(apps, schema_editor):
    """In steps, each of its own: nothing is locked for long, and what was interrupted goes on where it was."""
    activity = apps.get_model("crm", "Activity")
    lines, last = activity.objects.filter(kind="change", message__isnull=True).order_by("pk"), None
    while rows := list((lines.filter(pk__gt=last) if last else lines)[:_AT_ONCE]):
        for row in rows:
            row.message = _messages(row.subject, row.text) or None
        activity.objects.bulk_update([row for row in rows if row.message], ["message"], batch_size=500)
        last = rows[-1].pk


def _messages(subject, text):
    found = {"subject": _message(subject, _SUBJECTS), "text": _message(text, _TEXTS)}
    return {name: message for name, message in found.items() if message}


def _message(text, shapes):
    for key, shape in shapes:
        if found := re.fullmatch(shape, text, re.DOTALL):
            parameters = found.groupdict()
            if "fields" in parameters:
                parameters["fields"] = [name.replace(" ", "_") for name in parameters["fields"].lower().split(", ")]
            if "counts" in parameters:
                counted = (part.partition(" ") for part in parameters["counts"].split(", "))
                parameters["counts"] = {name: int(count) for count, _space, name in counted}
            return {"key": key, **({"parameters": parameters} if parameters else {})}
    return None


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("crm", "0004_activity_message")]
    operations = [migrations.RunPython(add_messages, migrations.RunPython.noop)]
