"""What every field is: each model states the privacy class of each of its fields, and checks fail for a field without one.

The statement drives sealing, the promise in the README and, later, retention, scrubbing and export (decision 0025).
"""
