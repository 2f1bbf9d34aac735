"""Riverside's people: ten chairs, a full morning, and a list of boosters to call."""

from services.console.seed_cast import REMISSION, RESPONSE, Escort, Reading, Ready, Story, Today, induced
from services.console.seed_riverside_chairs import IN_A_CHAIR
from services.console.seed_riverside_list import AT_HOME, TO_CALL

_RIDE = "Hudson Care Ride"
_RIDE_PHONE = "(212) 555-0100"

BEFORE_THE_SESSION = (
    Story(
        name="Noor Haddad",
        born="1990-02-11",
        phone="(212) 555-0131",
        before=(4,),
        scores=((4, 17, 0),),
        today=Today(starts=-10, chair="r10", arrived=-18, escort=None),
    ),
    Story(
        name="Priya Raman",
        born="1979-06-03",
        phone="(212) 555-0141",
        planned=2,
        before=(34, 27),
        scores=(*induced(34, 27, RESPONSE),),
        today=Today(
            starts=20,
            chair="r3",
            kind="booster",
            escort=Escort(name="Dev Raman", relationship="brother", phone="(212) 555-0142", confirmed=-3 * 1440),
        ),
    ),
    Story(
        name="Oskar Lindholm",
        born="1955-09-20",
        phone="(212) 555-0101",
        product="ketamine-im",
        today=Today(
            starts=35,
            chair="r8",
            arrived=-4,
            escort=Escort(name=_RIDE, phone=_RIDE_PHONE, confirmed=-100, arrives=245),
        ),
    ),
    Story(
        name="Wendy Achebe",
        born="1984-12-01",
        phone="(212) 555-0162",
        product="ketamine-oral",
        planned=2,
        before=(62, 55),
        boosters=(27,),
        scores=(*induced(62, 55, RESPONSE), (27, 11, 0)),
        today=Today(
            starts=65,
            chair="r5",
            kind="booster",
            escort=Escort(name="Tobi Achebe", relationship="son", phone="(212) 555-0163", adult=False, arrives=260),
        ),
    ),
    Story(
        name="Jonah Pike",
        born="1997-03-30",
        phone="(212) 555-0127",
        planned=2,
        before=(34, 27),
        scores=(*induced(34, 27, RESPONSE), (2, 15, 2)),
        today=Today(
            starts=110,
            chair="r1",
            kind="booster",
            escort=Escort(name="Alma Pike", relationship="mother", phone="(212) 555-0128", confirmed=-175, arrives=290),
        ),
    ),
    Story(
        name="Marguerite Dubé",
        born="1949-07-14",
        phone="(212) 555-0170",
        product="esketamine-nasal",
        planned=8,
        before=(6, 3),
        scores=((6, 19, 0),),
        today=Today(
            starts=140,
            chair="r9",
            escort=Escort(name="Luc Dubé", relationship="husband", phone="(212) 555-0171", confirmed=-50, arrives=None),
        ),
    ),
    Story(
        name="Ines Calloway",
        born="1988-10-08",
        phone="(212) 555-0189",
        planned=2,
        before=(41, 34),
        scores=induced(41, 34, REMISSION),
        today=Today(
            starts=300,
            chair="r3",
            kind="booster",
            escort=Escort(
                name="Rui Calloway", relationship="husband", phone="(212) 555-0190", confirmed=-30, arrives=480
            ),
        ),
    ),
)

LEFT = (
    Story(
        name="Samira Qureshi",
        born="1971-10-15",
        phone="(212) 555-0191",
        planned=2,
        before=(4,),
        not_talked=(4,),
        scores=((4, 18, 0), (2, 7, 0)),
        today=Today(
            starts=-235,
            chair="r6",
            arrived=-240,
            started=-228,
            dosed=(-222, -220),
            readings=(
                Reading(-218, (133, 84), 4),
                Reading(-120, (124, 79)),
                Reading(-90, (122, 78)),
                Reading(-72, (121, 77)),
            ),
            ready=Ready.ALL,
            left=-68,
            escort=Escort(name="Sam Ito", relationship="partner", phone="(212) 555-0192", confirmed=-300, arrives=-75),
        ),
    ),
    Story(
        name="Paul Novak",
        born="1966-01-31",
        phone="(212) 555-0103",
        scores=((3, 14, 0),),
        today=Today(
            starts=-220,
            chair="r4",
            minutes=120,
            arrived=-228,
            started=-212,
            dosed=(-205, -204),
            readings=(
                Reading(-203, (129, 81), 4),
                Reading(-110, (121, 77)),
                Reading(-88, (122, 78)),
                Reading(-76, (121, 77)),
            ),
            ready=Ready.ALL,
            left=-72,
            escort=Escort(name=_RIDE, phone=_RIDE_PHONE, confirmed=-300, arrives=-75),
        ),
    ),
)

STORIES = (*BEFORE_THE_SESSION, *IN_A_CHAIR, *LEFT, *TO_CALL, *AT_HOME)
