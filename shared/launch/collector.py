"""What a process has loaded stays loaded: Python's garbage collector needn't look through it again and again."""

import gc

# how many objects are made and kept before the youngest are looked through; Python's own is some hundreds
YOUNGEST = 20_000


def settle() -> None:
    """For an entrance, once what the process lives on is loaded and wired: a fifth of a consumer's time else."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNGEST, 20, 50)
