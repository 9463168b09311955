"""The forms of the public door: one a step of the questionnaire, and the few of coming back."""
