"""Which rules hold where: the network's defaults, and what a site or product has of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.discharge.domain.policies.driving_rules import DrivingRules
from services.discharge.domain.policies.release_rules import ReleaseRules
from services.discharge.domain.states import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """`release_by_site_and_product` and `driving_by_site` win over the defaults, whole rule sets at a time."""

    release_default: ReleaseRules = field(default_factory=ReleaseRules)
    driving_default: DrivingRules = field(default_factory=DrivingRules)
    release_by_site_and_product: Mapping[tuple[str, Product], ReleaseRules] = field(default_factory=dict)
    driving_by_site: Mapping[str, DrivingRules] = field(default_factory=dict)

    def release(self, site_id: str, product: Product) -> ReleaseRules:
        return self.release_by_site_and_product.get((site_id, product), self.release_default)

    def driving(self, site_id: str) -> DrivingRules:
        return self.driving_by_site.get(site_id, self.driving_default)
