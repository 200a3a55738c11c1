"""Taking the demo shop away again: what goes, what stays and why, and in which order. docs/decisions/demo-shop.md"""
