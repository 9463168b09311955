"""Staff people and their sign-in. Applicants are not here: they come back with a return code (decision 0020)."""
