"""How soon must a person act, if the account is true? Pure: no database, no clock of its own, no identity.

Non-compensating: a gate or a floor speaks by itself, and the score only orders and may raise (docs/triage-policy.md). What
counts, and for how much, is `policy.toml` (docs/decisions/0054); this package reads it and says what follows from the facts. It
decides nothing: a person does.

    facts.py       what scoring may look at, and the complaint about anything else
    reading.py     the words of the policy ("direct threat", "confined"), read from the facts
    conditions.py  a `when` table of the policy as a test
    policy.py      loads policy.toml and validates it, into the shapes of rules.py
    score.py       facts in; band, score, gates, floors and factors out
    pivotal.py     which unknown answer could change most
    explain.py     reasons and questions, in sentences a caseworker reads
    clocks.py      until when: the deadlines of a band, working days
    bands.py       the four bands, and which one is in force
"""
