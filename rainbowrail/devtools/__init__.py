"""The tools of development: the demo on one machine, the checks, the translations. Nothing that serves people needs them."""
