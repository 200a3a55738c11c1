"""One benchmark a module, each with `run(stage, options) -> list[Figure]`."""
