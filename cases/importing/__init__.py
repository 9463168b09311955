"""A partner's file of requests: bytes in, rows out, each row whole or with every error in words. Pure; nothing touches a disk.

`reading` turns bytes into rows of text or JSON values, `columns` says what a row may hold and turns it into answers, `mending`
writes the rows that are to be mended. Format: docs/partner-import.md; why so: docs/decisions/0094.
"""
