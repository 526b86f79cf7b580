import numpy as np
import pytest

from store.database import db
from store.library import analysis_writing, track_texts, track_writing
from store.records import AnalysisRecord, AudioFeatures, FileFacts, TagFacts
from store.vectors.vector_tables import check, rebuild

MODEL = "embeddinggemma"
VECTOR = np.array([1, 0, 0.5], "<f4").tobytes()


def texts(**options):
    return {t.track_id: t for t in track_texts.without_vector(MODEL, **options)}


def file_of(library, title):
    """The file of a track, as the library has it."""
    [path] = library.music.glob(f"* {title}.flac")
    return FileFacts(
        path=path, content_hash=f"hash of {title}", size_bytes=1, mtime_ns=1, duration_s=200.0,
        audio_format="flac", sample_rate_hz=44100, channels=2, bit_rate=None,
    )  # fmt: skip


def test_a_track_in_words_tells_what_is_known_of_it(library):
    found = texts()[library.id("Slow Train")].text
    assert found == (
        "From 1959. Genre: jazz, blues. "
        "Mood: melancholic, relaxed, background. Tags: background, melancholic, relaxed. "
        "Tempo: slow, 64 BPM. Energy: low. Instrumental."
    )
    assert texts()[library.id("Untagged Tape")].text.startswith("Genre: world.")


def test_the_words_tell_no_name(library):
    for title, track_id in library.ids.items():
        assert title not in texts()[track_id].text
    rain = texts()[library.id("Neon Rain")].text
    assert not any(name in rain for name in ("Rain", "Night Owls", "City Lights"))


def test_tracks_are_given_in_parts_and_each_once(library):
    first = track_texts.without_vector(MODEL, limit=30)
    rest = track_texts.without_vector(MODEL, after=first[-1].track_id, limit=30)
    ids = [text.track_id for text in (*first, *rest)]
    assert ids == sorted(library.ids.values())


def test_a_vector_is_kept_beside_that_of_the_sound(library):
    text = texts()[library.id("Halo")]
    assert track_texts.save_vectors(MODEL, {text: VECTOR}) == 1
    assert library.id("Halo") not in texts()
    assert rebuild() == len(library.ids) + 1
    assert check() == []


def test_a_vector_of_words_that_changed_meanwhile_is_not_kept(library):
    text = texts()[library.id("Halo")]
    tags = TagFacts(title="Halo", year=1970)
    track_writing.retag_track(text.track_id, file_of(library, "Halo"), tags)
    assert track_texts.save_vectors(MODEL, {text: VECTOR}) == 0
    assert texts()[text.track_id].text.startswith("From 1970.")


@pytest.mark.parametrize("change", ["tags", "analysis", "copy", "model"])
def test_what_changes_the_words_forgets_the_vector(library, change):
    halo, drift = library.id("Halo"), library.id("Drift")
    track_texts.save_vectors(MODEL, {t: VECTOR for i, t in texts().items() if i in (halo, drift)})
    if change == "tags":
        track_writing.retag_track(halo, file_of(library, "Halo"), TagFacts(title="Halo", year=1970))
    elif change == "analysis":
        track_writing.save_analysis(halo, AnalysisRecord(features=AudioFeatures(bpm=100.0)))
    elif change == "copy":
        analysis_writing.copy_analysis(drift, halo)
    else:
        other = track_texts.without_vector("nomic-embed-text", after=halo - 1, limit=1)
        track_texts.save_vectors("nomic-embed-text", {other[0]: VECTOR})
    assert halo in texts()
    assert drift not in texts()


def test_the_vector_of_the_sound_stays_when_the_tags_change(library):
    halo = library.id("Halo")
    track_writing.retag_track(halo, file_of(library, "Halo"), TagFacts(title="Halo"))
    with db.read() as session:
        found = db.rows(session, "SELECT kind FROM trackembedding WHERE track_id = :id", id=halo)
    assert [row.kind for row in found] == ["audio"]


def test_models_read_documents_and_queries_as_they_were_trained():
    assert track_texts.query("embeddinggemma:300m", "rain") == "task: search result | query: rain"
    assert track_texts.document("nomic-embed-text", "rain") == "search_document: rain"
    assert track_texts.query("mxbai", "rain") == "rain"
