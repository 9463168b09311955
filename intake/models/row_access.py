"""The conditions by which the public role may see a row: this browser's visit, this person's return code, or, to write both
rows of a code anew, the request that the code opened.

A request sets them for its transaction (`rainbowrail.crypto.grants.set_visitor`); unset they are empty and match nothing,
so that no table of applicants can be listed through the public door (design: "Two doors, one vault").
"""

THIS_VISIT = "visit_hash = nullif(current_setting('rainbowrail.visit', true), '')"
THIS_REQUEST = "help_request_id = nullif(current_setting('rainbowrail.request', true), '')::uuid"
THIS_CODE = "locator_hash = nullif(current_setting('rainbowrail.locator', true), '')"


def request_of_this_code(column: str, *, audience: str) -> str:
    """Return the SQL condition "the request in `column` is opened by this transaction's return code, which is for `audience`".

    `audience` is SQL: a quoted word, or the column that holds one.
    """
    return (
        f"EXISTS (SELECT 1 FROM intake_returncode AS code WHERE code.help_request_id = {column} "  # noqa: S608 - no input
        f"AND code.audience = {audience} "
        "AND code.locator_hash = nullif(current_setting('rainbowrail.locator', true), ''))"
    )
