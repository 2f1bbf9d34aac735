"""Riverside's people who aren't here today: those to call for a booster, and those at home after a session."""

from services.console.seed_cast import REMISSION, RESPONSE, Call, Journal, Snoozed, Story, induced

_OTHER = "P. Adeyemi"

TO_CALL = (
    Story(
        name="Leonie Marsh",
        born="1958-04-18",
        phone="(212) 555-0124",
        planned=1,
        before=(69,),
        scores=induced(69, 68, RESPONSE),
        calls=(
            Call(days=40, outcome="left-message"),
            Call(days=33, outcome="no-answer", by=_OTHER),
            Call(days=26, outcome="no-answer"),
            Call(days=13, outcome="no-answer"),
        ),
    ),
    Story(
        name="Victor Amadi",
        born="1973-08-02",
        phone="(212) 555-0125",
        planned=1,
        before=(55,),
        scores=(*induced(55, 54, RESPONSE), (13, 16, 2)),
        calls=(Call(days=33, outcome="no-answer"), Call(days=26, outcome="left-message", by=_OTHER)),
    ),
    Story(
        name="Ruth Castellano",
        born="1981-11-09",
        phone="(212) 555-0138",
        planned=1,
        before=(55,),
        scores=induced(55, 54, REMISSION),
        calls=(Call(days=6, outcome="no-answer"), Call(days=3, outcome="left-message")),
    ),
    Story(
        name="Samuel Okoye",
        born="1989-02-27",
        phone="(212) 555-0160",
        product="ketamine-im",
        planned=1,
        before=(41,),
        scores=induced(41, 40, RESPONSE),
        calls=(Call(days=4, outcome="no-answer", by=_OTHER),),
    ),
    Story(
        name="Kenji Watanabe",
        born="1992-07-07",
        phone="(212) 555-0102",
        planned=1,
        before=(34,),
        scores=induced(34, 33, RESPONSE),
    ),
    Story(
        name="Olga Petrenko",
        born="1966-05-25",
        phone="(212) 555-0177",
        product="ketamine-oral",
        planned=1,
        before=(31,),
        scores=induced(31, 30, RESPONSE),
        calls=(Call(days=3, outcome="call-back-later", by=_OTHER, reason="at-work", back=180),),
    ),
    Story(
        name="Imani Brooks",
        born="1999-09-13",
        phone="(212) 555-0193",
        planned=1,
        before=(27,),
        scores=induced(27, 26, RESPONSE),
        calls=(Call(days=1, outcome="call-back-later", back=120),),
    ),
    Story(
        name="Beth Harrow",
        born="1977-03-19",
        phone="(212) 555-0115",
        planned=1,
        before=(41,),
        scores=induced(41, 40, REMISSION),
    ),
    Story(
        name="Dario Conti",
        born="1995-12-08",
        phone="(212) 555-0148",
        product="ketamine-im",
        planned=1,
        before=(34,),
        scores=induced(34, 33, REMISSION),
    ),
    Story(
        name="Tess Moriarty",
        born="1972-06-21",
        phone="(212) 555-0120",
        planned=1,
        before=(34,),
        scores=(*induced(34, 33, RESPONSE), (3, 14, 3)),
        calls=(Call(days=6, outcome="left-message"),),
    ),
    Story(
        name="Nadia Rahal",
        born="1984-10-28",
        phone="(212) 555-0121",
        planned=1,
        before=(34,),
        scores=induced(34, 33, RESPONSE),
        calls=(Call(days=13, outcome="no-answer"), Call(days=6, outcome="left-message")),
        snoozed=Snoozed(days=4, ahead=7, reason="travelling"),
    ),
)

AT_HOME = (
    Story(
        name="Mira Solberg",
        born="1986-01-05",
        phone="(212) 555-0180",
        before=(2,),
        scores=((2, 17, 0),),
        journals=(
            Journal(days=2, hours=20, practice="words-fail-me", text=None, mood=5),
            Journal(
                days=2, hours=28, sharing="therapist", text="I drew the staircase again, with a door in it.", mood=6
            ),
        ),
        ahead=(1,),
    ),
    Story(
        name="Caleb Nwosu",
        born="1993-05-29",
        phone="(212) 555-0181",
        before=(2,),
        scores=((2, 19, 1),),
        journals=(
            Journal(days=2, hours=26, sharing="care-team", text="I'd like to talk this through.", mood=3, contact=True),
        ),
        ahead=(2,),
    ),
    Story(
        name="June Hartwell",
        born="1960-08-16",
        phone="(212) 555-0182",
        before=(1,),
        scores=((1, 16, 0),),
        journals=(Journal(days=1, hours=4, text="Still floating a little.", mood=6),),
        slept=False,
        ahead=(3,),
    ),
    Story(
        name="Arthur Vale",
        born="1979-03-27",
        phone="(212) 555-0183",
        before=(1,),
        scores=((1, 15, 0),),
        ahead=(2,),
    ),
)
