"""The order desk: the page on which staff sell by phone."""
