"""Who may read what a patient wrote. Source: docs/clinical/journals.md."""

from dataclasses import dataclass
from uuid import UUID

from services.integration.domain.journal import Sharing
from shared.kernel.people import Actor, Role

_THERAPIST = frozenset({Role.THERAPIST})
_CARE_TEAM = frozenset({Role.THERAPIST, Role.PRESCRIBER, Role.MEDICAL_DIRECTOR})
_READERS: dict[Sharing, frozenset[Role]] = {
    Sharing.PRIVATE: frozenset(),
    Sharing.THERAPIST: _THERAPIST,
    Sharing.CARE_TEAM: _CARE_TEAM,
}


@dataclass(frozen=True, slots=True)
class Reach:
    """What one reader may read: their own words as `patient_id`, else the tiers shared with them at `sites`."""

    patient_id: UUID | None
    sites: frozenset[str]
    tiers: frozenset[Sharing]

    def covers(self, *, patient_id: UUID, site_id: str, sharing: Sharing) -> bool:
        if self.patient_id is not None:
            return self.patient_id == patient_id
        return site_id in self.sites and sharing in self.tiers


def reach_of(actor: Actor) -> Reach:
    """What `actor` may read. A portal reads its own patient's words and nobody else's, whatever other roles it has."""
    if actor.is_portal:
        # without sites, a portal that is bound to nobody reads nothing
        return Reach(patient_id=actor.patient_id, sites=frozenset(), tiers=frozenset(Sharing))
    tiers = frozenset(tier for tier, readers in _READERS.items() if not readers.isdisjoint(actor.roles))
    return Reach(patient_id=None, sites=actor.sites, tiers=tiers)
