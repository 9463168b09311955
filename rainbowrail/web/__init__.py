"""Page furniture that knows no people: doors, errors, forms, pages of lists, logs, health (decisions 0020, 0021, 0024)."""
