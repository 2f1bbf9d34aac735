"""A board's row as HTML: drawn once, and kept for the next reader and the next look of the live boards."""

from collections.abc import Hashable
from functools import lru_cache

from jinja2 import Template

# the days of some large sites, as two or three roles see them: about 5 MB a process
_KEPT = 2_000


@lru_cache(maxsize=_KEPT)
def row_html(template: Template, row: Hashable, **shown: Hashable) -> str:
    """`template` drawn with `row` and `shown`, or what was drawn of equal ones before.

    They hold all that the template shows, as values, so that another word, minute or reader's right is another row.
    """
    return template.render(row=row, **shown)
