"""Who is acting: roles, the sites they work at, the patient a portal speaks for."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    FRONT_DESK = "front_desk"
    NURSE = "nurse"
    THERAPIST = "therapist"
    PRESCRIBER = "prescriber"
    MEDICAL_DIRECTOR = "medical_director"
    OPERATIONS = "operations"
    PRIVACY_OFFICER = "privacy_officer"
    PORTAL = "portal"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever asks: a staff member, a portal bound to one patient, or (in jobs and handlers) the service itself.

    `subject` decides what they may do; `name` is what people read, never empty."""

    subject: str
    name: str
    roles: frozenset[Role]
    sites: frozenset[str]
    patient_id: UUID | None = None

    def has(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)

    @property
    def is_portal(self) -> bool:
        return Role.PORTAL in self.roles

    def may_see(self, *, patient_id: UUID, sites: frozenset[str] | set[str]) -> bool:
        """Whether a patient's record, belonging to `sites`, is visible: to their portal, or to staff of one of them."""
        if self.is_portal:
            return self.patient_id == patient_id
        return not self.sites.isdisjoint(sites)


def the_service(name: str) -> Actor:
    """The actor for what a service does by itself: a consumed event, a timed job."""
    return Actor(subject=f"service:{name}", name=name, roles=frozenset({Role.SERVICE}), sites=frozenset())
