"""The frame holds public facts alone, and refuses those that would make a code ambiguous."""

from dataclasses import replace

import pytest

from hub.measures.catalogue import MEASURES
from hub.measures.departements import DEPARTEMENTS
from hub.measures.frame import Frame, Venue
from hub.measures.relations import MAX_PLACES, bounded, visible_places
from tests.support import town


def test_places_are_venues_that_stand_alone_then_clusters() -> None:
    frame = town.frame(7, clusters=2)
    assert frame.places == ("venue-000", "cluster-0", "cluster-1")
    assert frame.place_of == (0, 1, 1, 1, 2, 2, 2)


def test_no_small_venue_is_a_key_of_any_vector() -> None:
    from tests.support import measuring  # noqa: PLC0415

    frame = town.frame(9, clusters=2)
    hidden = {f"venue-{index:03d}" for index in range(3, 9)}
    for measure in MEASURES:
        _, plan = measuring.plan_of(measure, frame)
        assert not hidden & {part for vector in plan for key in vector.keys for part in key}


@pytest.mark.parametrize(
    "changes",
    [
        {"venues": ()},
        {"venues": (Venue("b", "B", "dance", 0, 0), Venue("a", "A", "dance", 0, 0))},
        {"clusters": (("c", ("venue-000", "venue-001", "unknown")),)},
        {"clusters": (("c", ("venue-000", "venue-001")), ("d", ("venue-001", "venue-002")))},
        {"clusters": (("venue-003", ("venue-000", "venue-001", "venue-002")),)},
    ],
)
def test_an_ambiguous_frame_is_refused(changes) -> None:
    with pytest.raises(ValueError, match="venue"):
        replace(town.frame(4), **changes)


def test_only_so_many_places_fit_in_an_item() -> None:
    def of(count: int) -> Frame:
        venues = tuple(Venue(f"v{i:05d}", "V", "dance", 0, 0) for i in range(count))
        return replace(town.frame(2), venues=venues)

    assert bounded(of(MAX_PLACES)).parameters["cap"] == 32
    with pytest.raises(ValueError, match="clusters"):
        bounded(of(MAX_PLACES + 1))
    assert (visible_places(of(12)), visible_places(of(200))) == (12, 32)


def test_departements_are_a_public_list() -> None:
    assert len(DEPARTEMENTS) == len(set(DEPARTEMENTS))
    assert {"01", "2A", "95", "971", "99", ""} <= set(DEPARTEMENTS)
    assert "20" not in DEPARTEMENTS


def test_the_frame_is_read_from_the_charter() -> None:
    from contracts.charter import Charter, Cluster, EditionSpec, MeasureSpec, Member  # noqa: PLC0415
    from contracts.visit import Discipline  # noqa: PLC0415
    from hub.measures.frame import frame_of  # noqa: PLC0415

    def member(venue: str, discipline: Discipline) -> Member:
        return Member(
            venue=venue,
            name=venue.upper(),
            discipline=discipline,
            postcode="69001",
            latitude_microdeg=1,
            longitude_microdeg=2,
            signing_key="0" * 64,
            declared_identifiers=1,
        )

    spec = EditionSpec(
        edition="e",
        title="E",
        season="2024-2025",
        first_day="2024-09-01",
        last_day="2025-08-31",
        measures=[MeasureSpec(measure="reach", rho_micro=1)],
    )
    members = [
        member("z", Discipline.DANCE),
        member("a", Discipline.OPERA),
        member("m", Discipline.DANCE),
        member("b", Discipline.MUSEUM),
    ]
    clusters = [Cluster(cluster="c", name="C", venues=["z", "m", "b"])]
    charter = Charter.model_construct(
        fields=[],
        members=members,
        clusters=clusters,
        bounds=town.BOUNDS,
        date_granularity="week",
        persons_bound=3,
    )
    frame = frame_of(charter, spec)
    assert frame.by_week
    assert frame.persons == 3  # four are declared, and the charter bounds them
    assert frame.places == ("a", "c")
    assert frame.disciplines == ("museum", "dance", "opera")
    assert (frame.season, str(frame.first_day), str(frame.last_day)) == (
        "2024-2025",
        "2024-09-01",
        "2025-08-31",
    )
