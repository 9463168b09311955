"""The program that makes clean copies: runs alone, in a process without keys, network, files or environment.

`rainbowrail.crypto.clean` starts it as `python -I -S`; nobody else imports these modules, and they import nothing of ours but
each other, so that the parsers for hostile files are loaded in that process only (docs/decisions/0049).
"""
