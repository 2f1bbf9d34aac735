"""How fast facts travel, as ratios in one run against named peers on the same broker and database.

`python -m tests.bench.events` (or `python -m tests.bench events`) runs every part; `--small` takes a minute or two and
only shows that they run; names of parts run those alone. Peers and ours are programs, each in a process of its own.
"""
