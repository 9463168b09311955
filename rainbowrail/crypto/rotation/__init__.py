"""Turning and destroying keys while the application serves people (docs/decisions/0016).

`store` wraps every data key anew, in batches; `intake` makes the next pair and destroys old ones in time; `index` has every
blind index rebuilt. `destroying` is the only way by which a key ends. Each can be stopped at any moment and goes on where it
was when it is called again, since what is left to do stands in the database and in the key folders.
"""
