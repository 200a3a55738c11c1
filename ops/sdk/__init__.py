"""The Python and TypeScript clients: generated from the OpenAPI, with a thin layer written by hand."""
