"""A packet in, bytes out: paper, machine copy, and the one file that carries both to an official."""
