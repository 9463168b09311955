"""Remembering who did what: an append-only trail of ids, verbs and short codes, never what a person told us (0023).

Two ways in (`record`), one way out (`queries`), one page (`views/trail.py`). Rows are inserted unchained; the database refuses
to change or remove one, by trigger for everybody and by grant for the roles that serve requests.
"""
