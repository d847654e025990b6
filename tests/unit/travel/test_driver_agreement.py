"""The driver's file beside the officer's record: what differs is said, what cannot is not."""

from varangian.travel.fleet.agreement import differences

FILE = {
    "licences": [{"name": "B", "until": "2030-01-01"}, {"name": "C1"}],
    "courses": [{"name": "Evasive", "until": "2028-01-15"}],
    "languages": ["English", "Finnish"],
    "medical": {"until": "2027-01-01"},
}


def test_the_same_is_no_difference():
    roster = {
        "driving": [{"name": "b", "until": "2030-01-01"}, {"name": "C1", "until": None}],
        "languages": ["finnish", "English"],
        "licences": [{"name": "close protection", "until": "2027-06-30"}],
        "medical": [{"name": "first_aid"}],
    }
    assert differences(FILE, roster) == []


def test_another_day_a_class_that_one_lacks_and_languages():
    roster = {
        "driving": [{"name": "B", "until": "2029-05-05"}, {"name": "D", "until": "2031-01-01"}],
        "languages": ["English"],
    }
    assert [one.words for one in differences(FILE, roster)] == [
        "Licence B: the driver's file says until 2030-01-01, the roster says until 2029-05-05",
        "Licence C1: the driver's file says no end, the roster says nothing",
        "Licence D: the driver's file says nothing, the roster says until 2031-01-01",
        "Languages: the driver's file says English, Finnish, the roster says English",
    ]


def test_courses_differ_where_they_have_one_name_or_there_is_none_at_all():
    same = {"driving": [{"name": "evasive", "until": "2027-01-01"}, {"name": "security"}]}
    found = differences({"courses": FILE["courses"]}, same)
    assert [(one.title, one.file, one.roster) for one in found] == [
        ("Course Evasive", "until 2028-01-15", "until 2027-01-01")
    ]
    bare = differences({"licences": []}, {"driving": [{"name": "advanced"}]})
    assert [one.title for one in bare] == ["Course advanced"]
