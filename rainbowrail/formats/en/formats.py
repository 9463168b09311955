"""English as read in many countries: 3 November 2026, 14:05. The day before the month, and a clock without "p.m."."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
TIME_FORMAT = "H:i"
