from varangian.threats.library import matrix, risks
from varangian.threats.picture import MARK_ROWS, MARKS_A_ROW, grid, grouped_library


def test_the_worst_corner_is_top_right():
    drawn = grid({})
    worst = next(s for s in drawn.squares if (s.x, s.y) == _corner(drawn, max, min))
    best = next(s for s in drawn.squares if (s.x, s.y) == _corner(drawn, min, max))
    assert (worst.band, best.band) == (matrix().band(5, 5), matrix().band(1, 1))
    assert len(drawn.squares) == 25


def _corner(drawn, across, down):
    return across(s.x for s in drawn.squares), down(s.y for s in drawn.squares)


def test_lines_without_room_are_counted():
    room = MARKS_A_ROW * MARK_ROWS
    drawn = grid({(5, 5): list(range(room + 3))})
    full = next(s for s in drawn.squares if s.marks)
    assert (len(full.marks), full.more, full.band) == (room, 3, "extreme")
    for mark in full.marks:
        assert full.x < mark.x < full.x + drawn.cell_width
        assert full.y < mark.y < full.y + drawn.cell_height


def test_library_by_responsibility_the_usual_first():
    groups = grouped_library("travel", {})
    assert sum(len(choices) for _, choices in groups) == len(risks().risks)
    for _, choices in groups:
        usual = [choice.usual for choice in choices]
        assert usual == sorted(usual, reverse=True)
    assert all(c.usual for _, choices in grouped_library("own kind", {}) for c in choices)
