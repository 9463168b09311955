"""The applicant's pages, one module a page or a few that belong together."""
