from indexer.drums.hearing.model_card import read_card
from indexer.drums.hearing.network import MODEL


def test_each_family_has_a_threshold():
    card = read_card(MODEL)
    assert {drum.family for drum in card.drums} == set(card.thresholds)
    assert all(0 < threshold < 1 for threshold in card.thresholds.values())
