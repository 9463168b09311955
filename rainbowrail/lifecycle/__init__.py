"""How things move from state to state: a table of moves per app, one engine that makes them under a row lock (0022)."""
