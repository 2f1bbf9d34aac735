"""Who works here. In the demo: plainly fictional people, one a role, who sign in by choosing who they are."""

from collections.abc import Collection
from dataclasses import dataclass

from shared.kernel.people import Actor, Role


@dataclass(frozen=True, slots=True)
class Person:
    """`works` says in a few words what the role opens, for who chooses it."""

    role: Role
    name: str
    works: str

    @property
    def subject(self) -> str:
        return f"demo-{self.role.value.replace('_', '-')}"

    def at(self, sites: Collection[str]) -> Actor:
        return Actor(subject=self.subject, name=self.name, roles=frozenset({self.role}), sites=frozenset(sites))


DEMO_STAFF = {
    person.role: person
    for person in (
        Person(Role.FRONT_DESK, "S. Lund", "today, transport, boosters to call"),
        Person(Role.NURSE, "M. Osei, RN", "recovery board, release"),
        Person(Role.THERAPIST, "T. Arden, LCSW", "windows, journals, psychotherapy"),
        Person(Role.PRESCRIBER, "Dr A. Mensah", "plans, trends, overrides"),
        Person(Role.MEDICAL_DIRECTOR, "Dr I. Varga", "policies, escalations"),
        Person(Role.OPERATIONS, "O. Petrov", "the day without names"),
        Person(Role.PRIVACY_OFFICER, "P. Quist", "audit"),
    )
}
