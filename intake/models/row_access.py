"""The two conditions by which the public role may see a row: this browser's visit, or this person's return code.

A request sets both for its transaction (`rainbowrail.crypto.grants.set_visitor`); unset they are empty and match nothing,
so that no table of applicants can be listed through the public door (design: "Two doors, one vault").
"""

THIS_VISIT = "visit_hash = nullif(current_setting('rainbowrail.visit', true), '')"
THIS_CODE = "locator_hash = nullif(current_setting('rainbowrail.locator', true), '')"


def request_of_this_code(column: str) -> str:
    """Return the SQL condition "the request in `column` belongs to the return code of this transaction"."""
    return (
        f"EXISTS (SELECT 1 FROM intake_returncode AS code WHERE code.help_request_id = {column} "  # noqa: S608 - no input
        "AND code.locator_hash = nullif(current_setting('rainbowrail.locator', true), ''))"
    )
