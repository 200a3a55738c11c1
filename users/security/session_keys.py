"""What a session of the admin remembers of its sign-in."""

SECOND_FACTOR_DONE = "kontor_second_factor"
SESSION_ID = "kontor_session"  # the key of its StaffSession
SEEN_AT = "kontor_seen"  # when that was last written, in seconds since 1970
