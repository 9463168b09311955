"""Dates and numbers of languages for which Django has none: `<code>/formats.py`, names as in `django.conf.locale`."""
