"""Every planted bug, in the order in which they are planted."""

from ops.planted_bugs import concurrency, events, outages, placing, records, rights, stock_and_money, webhooks

BUGS = (
    *concurrency.BUGS,
    *placing.BUGS,
    *stock_and_money.BUGS,
    *rights.BUGS,
    *records.BUGS,
    *events.BUGS,
    *webhooks.BUGS,
    *outages.BUGS,
)
