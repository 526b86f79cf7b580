import pytest

from store.charts.chart_corrections import (
    CorrectionRecord,
    corrections,
    remove_correction,
    save_correction,
)
from store.library.track_writing import remove_track
from store.results import StoreError


def record(track_id, file="1-a.dtx"):
    return CorrectionRecord(
        track_id=track_id, file=file, start_s=-1.25, notes=410,
        automatic={"F": 0.91, "KD": 0.97}, automatic_version=3,
    )  # fmt: skip


def test_a_correction_is_kept_and_listed_newest_first(library):
    first = save_correction(record(library.id("Neon Rain")))
    second = save_correction(record(library.id("Ashes"), "2-b.mid"))
    assert [found.id for found in corrections()] == [second, first]
    [only] = corrections(library.id("Neon Rain"))
    assert (only.title, only.artist, only.file) == ("Neon Rain", "The Night Owls", "1-a.dtx")
    assert only.automatic == {"F": 0.91, "KD": 0.97}
    assert (only.start_s, only.notes, only.automatic_version) == (-1.25, 410, 3)


def test_removing_tells_what_it_was(library):
    number = save_correction(record(library.id("Ashes")))
    removed = remove_correction(number)
    assert removed is not None and removed.file == "1-a.dtx"
    assert corrections() == ()
    assert remove_correction(number) is None


def test_it_goes_with_its_track(library):
    save_correction(record(library.id("Ashes")))
    remove_track(library.id("Ashes"))
    assert corrections() == ()


def test_an_unknown_track_is_refused(library):
    with pytest.raises(StoreError):
        save_correction(record(9999))
