"""The sites file: what can't be used is refused at start, by name."""

import json
from pathlib import Path

import pytest

from shared.kernel.sites import BadSites, Sites


def a_file(folder: Path, site_id: str) -> Path:
    site = {"site_id": site_id, "name": "By the river", "time_zone": "UTC", "chairs": [{"chair_id": "r1", "name": "1"}]}
    path = folder / "sites.json"
    path.write_text(json.dumps({"sites": [site]}))
    return path


@pytest.mark.parametrize("site_id", ["riverside", "R-2", "site_1.north", "x" * 64])
def test_a_site_id_that_can_stand_in_headers_addresses_and_logs_is_taken(tmp_path: Path, site_id: str) -> None:
    assert list(Sites.from_file(a_file(tmp_path, site_id))) == [site_id]


@pytest.mark.parametrize("site_id", ["", "by the river", "flußufer", "a/b", "a\nb", "x" * 65])
def test_any_other_is_refused_with_the_rule(tmp_path: Path, site_id: str) -> None:
    with pytest.raises(BadSites, match=r"site_id .* must be 1 to 64 letters, digits, dots, dashes or underscores"):
        Sites.from_file(a_file(tmp_path, site_id))
