"""What Afterglow's bus is measured against: each a program that does one thing with as little as it takes.

Each prints one line of JSON on standard output when it is done.
"""
