"""Countries: their codes and names, and what their law does to people like our applicants.

Public reference data, committed as JSON and made by `manage.py countries` (see there); nothing outside the repository is read
at run time.
"""
