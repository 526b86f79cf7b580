import pytest

from store.people.people import people, person
from store.results import PersonRow, StoreError


def test_the_owner_is_there_from_the_start(data_folder):
    assert people() == (PersonRow(1, "owner"),)
    assert person("Owner").id == 1


def test_a_person_is_found_again_without_case_and_accents(data_folder):
    made = person("  Élodie ")
    assert made.name == "Élodie" and made.id != 1
    assert person("ELODIE") == made
    assert [one.name for one in people()] == ["owner", "Élodie"]


@pytest.mark.parametrize("name", ["王芳", "Ольга", "🎧", "a" * 500])
def test_names_of_any_script(data_folder, name):
    assert person(name) == person(name)
    assert len(people()) == 2


@pytest.mark.parametrize("name", ["", "  ", "\n\x00"])
def test_nobody_has_an_empty_name(data_folder, name):
    with pytest.raises(StoreError, match="name of a person"):
        person(name)
    assert len(people()) == 1
