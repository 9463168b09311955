"""The sealed store: every algorithm, format and key of the system lives in this package, and nowhere else.

What it is for, in twenty lines (docs/crypto.md draws it and names the decisions):

- Whoever takes the database without the key files learns the clear columns, padded sizes and equalities, and nothing sealed.
- Whoever takes the public web process learns what passes through it while they hold it, and nothing that was sent before:
  it seals requests to a public key (`boxes`) whose private half only the worker holds.
- Every private value is sealed under a random data key (`datakeys`) that belongs to one subject (a person, a case) and one
  compartment (`compartments`); destroying that key erases the values, in the rows and in what was copied from them.
- A sealed value is bound to its column, its row and its key (`envelope`, `fields`): moved anywhere else it does not open.
- Data keys travel in a post-quantum hybrid box (`hpke`) when an applicant sends, and rest wrapped under the store key
  afterwards.
- The return code (`return_code`) and the visit cookie (`visit_secret`) open what an applicant may see again, and are not
  stored.
- Files are many small streams (`files`), clean copies of them are made in a process that can do nothing else (`clean`).
- What leaves the building is sealed to the key that the office has (`recipients/`) and signed (`sign`).
- It fails closed: a missing key, a failed tag, an unknown version raise the errors of `errors`; nothing returns a default, an
  empty text or the ciphertext, and no error carries what was sealed.
- Keys come from a folder of files with strict permissions, one folder a process (`keyring`, `sources/`); `checks` refuses to
  start a process with keys that are missing, shared, readable by others, made for the demo, or not its to hold.
- What each database role may do is stated beside each table and applied by `grants`.

Not promised: wiping memory, hiding who is in contact at which hour, protection of a process that is taken together with its
keys.
"""
