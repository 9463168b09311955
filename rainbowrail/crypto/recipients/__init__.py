"""Sealing to keys that are not ours: one module per kind of key an office may have."""
