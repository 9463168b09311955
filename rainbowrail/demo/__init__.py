"""An invented world, safe to show: nobody in it exists, and no story is anyone's."""
