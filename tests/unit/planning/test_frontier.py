from varangian.engines.measures import Limits, Measure, Problem, Risk, propose
from varangian.planning.frontier import amount, picture


def frontier():
    steps = [("a", 10_000, (1, 0)), ("b", 30_000, (2, 0)), ("c", 0, (0, 1))]
    measures = tuple(Measure(n, {"R1": s}, money, 10, 1, 0) for n, money, s in steps)
    return propose(Problem((Risk("R1", 5, 4),), measures, Limits(money=100_000)))


def test_dots_go_right_and_down_and_stay_inside():
    answer = frontier()
    drawn = picture(answer.frontier, "money", answer.best)
    places = [(dot.x, dot.y) for dot in drawn.dots]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert [y for _, y in places] == sorted(y for _, y in places)
    assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in places)
    assert [dot.chosen for dot in drawn.dots].count(True) == 1 and drawn.dots[-1].chosen
    assert drawn.path.startswith(f"M{drawn.dots[0].x} ") and drawn.path.count("H") >= 1


def test_an_empty_frontier_is_a_picture_too():
    assert picture((), "hours", None).dots == []


def test_amounts_have_no_false_digits():
    assert amount(123_456, "money") == "1,235" and amount(15, "hours") == "1.5"
    assert amount(20, "hours") == "2"
