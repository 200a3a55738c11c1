"""The Model Context Protocol: what an assistant may do in Kontor, as tools over the REST API."""
