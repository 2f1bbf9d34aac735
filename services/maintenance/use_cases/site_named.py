"""The site that an event names."""

from shared.kernel.sites import Site, Sites


class UnknownSite(LookupError):
    """An event names a site that isn't in the sites file: it waits, parked, until the file has it."""


def site_named(site_id: str, sites: Sites) -> Site:
    """Raises UnknownSite."""
    try:
        return sites[site_id]
    except KeyError:
        raise UnknownSite("an event names a site that the sites file doesn’t have") from None
