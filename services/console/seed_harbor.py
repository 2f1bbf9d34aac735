"""Harbor's people: four chairs, five sessions today."""

from services.console.seed_cast import RESPONSE, Escort, Reading, Ready, Story, Today, induced

_RIDE = "Bay Light Cars"
_RIDE_PHONE = "(213) 555-0100"

STORIES = (
    Story(
        name="Malik Osborne",
        born="1985-05-21",
        phone="(213) 555-0111",
        before=(4,),
        scores=((4, 16, 0),),
        today=Today(
            starts=-180,
            chair="h1",
            arrived=-186,
            started=-170,
            dosed=(-164, -162),
            readings=(
                Reading(-160, (133, 84), 4),
                Reading(-142, (130, 82), 4),
                Reading(-102, (127, 80)),
                Reading(-72, (125, 79)),
                Reading(-44, (124, 78)),
                Reading(-10, (123, 78)),
            ),
            ready=Ready.ALL_BUT_ESCORT,
            escort=Escort(name="Tara Osborne", relationship="wife", phone="(213) 555-0112", confirmed=-200, arrives=15),
        ),
    ),
    Story(
        name="Sofia Brandt",
        born="1992-02-28",
        phone="(213) 555-0113",
        product="esketamine-nasal",
        planned=8,
        before=(3,),
        scores=((3, 18, 0),),
        today=Today(
            starts=-75,
            chair="h2",
            arrived=-80,
            started=-66,
            dosed=(-60, -50),
            readings=(Reading(-58, (134, 86), 4), Reading(-40, (131, 85), 3), Reading(-20, (128, 82), 4)),
            escort=Escort(name=_RIDE, phone=_RIDE_PHONE, confirmed=-120, arrives=80),
        ),
    ),
    Story(
        name="Elias Moreau",
        born="1970-07-17",
        phone="(213) 555-0114",
        planned=2,
        before=(34, 27),
        scores=induced(34, 27, RESPONSE),
        today=Today(
            starts=10,
            chair="h3",
            kind="booster",
            arrived=-4,
            escort=Escort(
                name="Rene Moreau", relationship="father", phone="(213) 555-0115", confirmed=-25, arrives=200
            ),
        ),
    ),
    Story(
        name="Hana Kobayashi",
        born="1999-09-01",
        phone="(213) 555-0116",
        today=Today(starts=45, chair="h4", escort=None),
    ),
    Story(
        name="Theo Lambert",
        born="1964-12-05",
        phone="(213) 555-0117",
        product="ketamine-oral",
        before=(3,),
        not_talked=(3,),
        scores=((3, 17, 0),),
        today=Today(
            starts=150,
            chair="h1",
            escort=Escort(
                name="Zoe Lambert", relationship="daughter", phone="(213) 555-0118", confirmed=-60, arrives=340
            ),
        ),
    ),
    Story(
        name="Ingrid Falk",
        born="1978-03-09",
        phone="(213) 555-0119",
        planned=1,
        before=(34,),
        scores=induced(34, 33, RESPONSE),
        ahead=(3,),
    ),
)
