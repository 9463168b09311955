"""What goes wrong while the parts of a machine are put together, said in one sentence for the terminal."""


class CannotRun(Exception):
    """A part is missing, taken or refused to start; the message is one clear sentence, without a traceback."""
