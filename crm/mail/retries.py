"""How often an e-mail is tried. Apart from the jobs: every process needs it to queue them, few to run them."""

from procrastinate import RetryStrategy

from shared.background.mail_faults import MailDelayed

# A mail server that is away or busy is asked again after 5, 25, 125, 625 and 3,125 seconds.
MAIL_RETRIES = 5
RETRY_MAIL = RetryStrategy(max_attempts=MAIL_RETRIES, exponential_wait=5, retry_exceptions=[MailDelayed])
# A lot asks for its own tries; only what stopped the whole of it, say a database that was away, brings it back.
RETRY_LOT = RetryStrategy(max_attempts=MAIL_RETRIES, exponential_wait=5)
