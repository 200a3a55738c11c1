"""How what an order costs grows with the shop: `python -m benchmarks.growth`."""
