"""When a track left one place and reached another."""

from datetime import UTC, datetime, timedelta

from varangian.planning.passage_rules import passage

DAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
HOTEL, HALL = (60.1700, 24.9400), (60.1800, 24.9600)
BETWEEN = (60.1750, 24.9500)


def track(*places, accuracy=10.0):
    return [(DAY + timedelta(minutes=n), place, accuracy) for n, place in enumerate(places)]


def minute(moment):
    return None if moment is None else (moment - DAY).total_seconds() / 60


def told(points):
    found = passage(points, HOTEL, HALL)
    return minute(found.departed), minute(found.arrived)


def test_the_last_minute_at_the_hotel_and_the_first_at_the_hall():
    assert told(track(HOTEL, HOTEL, BETWEEN, HALL, HALL)) == (1, 3)


def test_a_way_back_for_what_was_forgotten_counts_as_the_later_departure():
    assert told(track(HOTEL, BETWEEN, HOTEL, HOTEL, BETWEEN, HALL, BETWEEN, HALL)) == (3, 5)


def test_the_way_home_from_the_hall_is_no_departure_of_this_leg():
    assert told(track(HOTEL, BETWEEN, HALL, BETWEEN, HOTEL, BETWEEN)) == (0, 2)


def test_what_no_fix_tells_stays_unknown():
    assert told([]) == (None, None)
    assert told(track(BETWEEN, BETWEEN)) == (None, None)
    assert told(track(HOTEL, HOTEL)) == (None, None), "it has not left"
    assert told(track(HALL, HALL)) == (None, None), "it was there all the time"
    assert told(track(HOTEL, BETWEEN)) == (0, None)


def test_a_fix_that_is_not_sure_of_itself_says_nothing_about_a_door():
    points = track(HOTEL, HOTEL, BETWEEN, HALL)
    points.insert(2, (DAY + timedelta(minutes=1, seconds=30), HALL, 800.0))
    assert told(points) == (1, 3)
