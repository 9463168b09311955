"""When two values are probably the same person's: one way of writing each kind, and how alike two names are. Pure."""
