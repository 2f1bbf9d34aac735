"""What is given, and the way it goes in."""

from enum import StrEnum


class Product(StrEnum):
    KETAMINE_IV = "ketamine-iv"
    KETAMINE_IM = "ketamine-im"
    KETAMINE_ORAL = "ketamine-oral"
    ESKETAMINE_NASAL = "esketamine-nasal"


class Route(StrEnum):
    INTRAVENOUS = "intravenous"
    INTRAMUSCULAR = "intramuscular"
    ORAL = "oral"
    NASAL = "nasal"


def route_of(product: Product) -> Route:
    """Each product has one route; nobody types it."""
    match product:
        case Product.KETAMINE_IV:
            return Route.INTRAVENOUS
        case Product.KETAMINE_IM:
            return Route.INTRAMUSCULAR
        case Product.KETAMINE_ORAL:
            return Route.ORAL
        case Product.ESKETAMINE_NASAL:
            return Route.NASAL
