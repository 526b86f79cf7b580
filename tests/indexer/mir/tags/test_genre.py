import pytest

from indexer.mir.tags import genre
from indexer.mir.tags.genre import TagVote, canonical, combine_votes
from indexer.mir.tags.tagger_vocabulary import MSD_TAGS, MTT_TAGS
from store.tables.analysis import COUNTED_SHARE
from store.vocabulary import GENRES


def test_the_taxonomy_has_exactly_the_genres_of_the_store():
    assert set(genre.taxonomy().names) == set(GENRES)
    assert set(genre.taxonomy().parents.values()) <= set(GENRES)


def test_tagger_weights_name_real_outputs():
    outputs = {f"msd:{t}" for t in MSD_TAGS} | {f"mtt:{t}" for t in MTT_TAGS}
    for weights in genre.taxonomy().tagger.values():
        assert set(weights) <= outputs


def test_there_are_several_hundred_aliases():
    assert len(genre.taxonomy().aliases) > 600


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hip-Hop/Rap", "hip hop"),
        ("Rap français", "hip hop"),
        ("Drum & Bass", "drum and bass"),
        ("Drum'n'Bass", "drum and bass"),
        ("Drum’n’Bass", "drum and bass"),
        ("Chanson", "pop"),
        ("Variété française", "pop"),
        ("Électro", "electronic"),
        ("Symphonic Metal", "metal"),
        ("Bebop", "jazz"),
        ("Baroque", "classical"),
        ("J-Pop", "pop"),
        ("R&B", "r&b"),
        ("RnB", "r&b"),
        ("Rhythm and Blues", "r&b"),
        ("Singer/Songwriter", "folk"),
        ("Alternative & Punk", "alternative"),
        ("Norwegian Black Metal", "metal"),
        ("Modern Post-Punk Revival", "punk"),
        ("Deep House", "house"),
        ("Psytrance", "trance"),
        ("Bossa Nova", "latin"),
        ("Afrobeat", "world"),
        ("Soundtrack", "classical"),
        ("ROCK", "rock"),
        ("Ska-Punk", "ska"),
        ("Italo Disco", "disco"),
        ("Musique classique", "classical"),
    ],
)
def test_what_people_write_is_understood(text, expected):
    assert canonical(text)[0] == expected


@pytest.mark.parametrize("text", ["", "???", "Unknown", "12", "日本語"])
def test_what_nobody_knows_is_left_out(text):
    assert canonical(text) == ()


def test_several_genres_in_one_tag_keep_their_order():
    assert canonical("Jazz; Blues; Rock") == ("jazz", "blues", "rock")


def test_the_first_tag_wins_and_the_others_are_secondary():
    result = combine_votes(
        [TagVote("Thrash Metal", "standards", 0), TagVote("Jazz", "standards", 1)]
    )
    assert result.main == "metal"
    assert set(result.secondary) == {"jazz", "rock"}
    assert 0 < result.confidence < 1


def test_a_correction_by_hand_outweighs_the_tagger():
    votes = [TagVote("reggae", "manual"), TagVote("rock", "musicnn", 0, 0.95)]
    assert combine_votes(votes).main == "reggae"


def test_sources_that_agree_are_surer():
    alone = combine_votes([TagVote("jazz", "standards"), TagVote("rock", "musicnn", 0, 0.5)])
    agreed = combine_votes([TagVote("jazz", "standards"), TagVote("jazz", "musicnn", 0, 0.5)])
    assert agreed.confidence > alone.confidence


def test_later_tags_count_ten_per_cent_less_each():
    result = combine_votes([TagVote("jazz", "standards", 1), TagVote("blues", "standards", 0)])
    assert result.main == "blues"
    assert result.secondary == ("jazz",)


def test_at_most_five_secondary_genres():
    names = ["rock", "jazz", "blues", "reggae", "folk", "country", "classical", "latin"]
    assert (
        len(combine_votes([TagVote(n, "standards", i) for i, n in enumerate(names)]).secondary) == 5
    )


def test_a_secondary_genre_has_its_share_of_the_votes():
    votes = [TagVote("jazz", "standards"), TagVote("rock", "musicnn", 0, 0.5)]
    assert combine_votes(votes).shares == pytest.approx((0.3 / 0.8,))
    assert combine_votes([TagVote("techno", "standards")]).shares == pytest.approx((0.25,))


def test_a_tag_has_half_a_share_at_least():
    votes = [
        *(TagVote("jazz", source) for source in ("standards", "musicnn", "discogs")),
        TagVote("blues", "standards", 1),
    ]
    result = combine_votes(votes)
    assert (result.main, result.secondary, result.shares) == ("jazz", ("blues",), (0.5,))


def test_no_votes_no_genre():
    assert combine_votes([]) == genre.GenreResult(None, (), 0.0)
    assert combine_votes([TagVote("zzz", "standards")]).main is None
    assert genre.tagger_votes({}) == []


@pytest.mark.parametrize(
    ("strong", "expected"),
    [
        ({"msd:metal": 0.7, "msd:heavy metal": 0.4, "mtt:metal": 0.4}, "metal"),
        ({"mtt:classical": 0.9, "mtt:strings": 0.6, "mtt:violin": 0.6}, "classical"),
        ({"msd:jazz": 0.8}, "jazz"),
        ({"msd:Hip-Hop": 0.7}, "hip hop"),
    ],
)
def test_the_tagger_alone_tells_plain_cases(strong, expected):
    tags = {f"msd:{t}": 0.01 for t in MSD_TAGS} | {f"mtt:{t}": 0.01 for t in MTT_TAGS} | strong
    probabilities = genre.tagger_probabilities(tags)
    assert sum(probabilities.values()) == pytest.approx(1)
    assert combine_votes(genre.tagger_votes(tags)).main == expected


def test_the_rhythm_tells_disco_from_reggae():
    tags = {f"msd:{t}": 0.01 for t in MSD_TAGS} | {f"mtt:{t}": 0.01 for t in MTT_TAGS}
    tags |= {"msd:70s": 0.2, "msd:80s": 0.2, "msd:soul": 0.2, "msd:funk": 0.2}
    four_on_the_floor = {"kick_unevenness": 0.1, "hat_offbeat": 1.0, "kick_between": -1.0}
    one_drop = {"kick_unevenness": 0.9, "hat_offbeat": -1.5, "kick_between": -4.0}
    disco, reggae = (genre.tagger_probabilities(tags, m) for m in (four_on_the_floor, one_drop))
    assert disco["disco"] > reggae["disco"]
    assert reggae["reggae"] > disco["reggae"]
    assert disco["disco"] > disco["reggae"]
    assert reggae["reggae"] > reggae["disco"]


def test_a_genre_without_a_real_share_is_not_claimed():
    near = [genre.TagVote(name, "musicnn", 0, p) for name, p in (("jazz", 0.3), ("reggae", 0.25))]
    mixed = combine_votes(near)
    assert mixed.main is None and mixed.secondary == ("jazz", "reggae") and mixed.confidence == 0
    assert all(share < COUNTED_SHARE for share in mixed.shares)
    tagged = combine_votes([genre.TagVote("Reggae", "standards"), *near])
    assert tagged.main == "reggae"


def test_a_secondary_genre_counts_only_with_a_real_share_of_its_own():
    few = [genre.TagVote(name, "musicnn", 0, p) for name, p in (("jazz", 0.35), ("blues", 0.2))]
    assert max(combine_votes(few).shares) < COUNTED_SHARE
    many = [genre.TagVote(name, "musicnn", 0, p) for name, p in (("jazz", 0.5), ("blues", 0.3))]
    assert max(combine_votes(many).shares) >= COUNTED_SHARE
