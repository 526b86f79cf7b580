"""Keys are reported by source."""

from types import SimpleNamespace

from benchmarks.hearing.key_report import report_keys


def row(dataset, label, read):
    tonic, mode = label.split()
    key = None
    if read:
        key = SimpleNamespace(tonic=read.split()[0], scale=read.split()[1], confidence=0.8)
    result = SimpleNamespace(raw=SimpleNamespace(key=key))
    return {
        "label": {"key": tonic, "mode": mode, "dataset": dataset},
        "result": result,
        "peer_key": label,
    }


def test_every_source_stands_apart_and_the_worst_first(capsys):
    unknown = {"label": {"key": "", "mode": "", "dataset": "good"}, "result": None}
    rows = [
        row("good", "C major", "C major"),
        row("bad", "A minor", "C major"),
        row("bad", "A minor", None),
        unknown,
    ]
    report_keys(rows)
    lines = [line for line in capsys.readouterr().out.splitlines() if "weighted" in line]
    assert [line.split()[1] for line in lines] == ["backbeat", "chroma", "backbeat", "chroma"]
    assert "weighted 0.150" in lines[0] and "2 clips bad" in lines[0]
    assert "weighted 1.000" in lines[2] and "1 clips good" in lines[2]
