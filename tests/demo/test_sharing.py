import subprocess
import sys


def test_a_fresh_process_reads_the_module_before_django_is_set_up() -> None:
    """That is what a process of the pool does first; a model imported there would end it."""
    look = "import sys, rainbowrail.demo.sharing as it; print(it.write_one.__name__, 'cases.models' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["write_one", "False"]
