"""The tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for make in _TABLES:
        make()


def downgrade() -> None:
    for make in reversed(_TABLES):
        op.drop_table(make.__name__.removeprefix("_"))


def _artist() -> None:
    op.create_table(
        "artist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("musicbrainz_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_index("ix_artist_folded", "artist", ["folded"])


def _cover() -> None:
    op.create_table(
        "cover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sha256"),
    )


def _genre() -> None:
    op.create_table(
        "genre",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )


def _indexerstate() -> None:
    op.create_table(
        "indexerstate",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _playlist() -> None:
    op.create_table(
        "playlist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_playlist_created_at", "playlist", ["created_at"])
    op.create_index("ix_playlist_folded", "playlist", ["folded"])
    op.create_index("ix_playlist_name", "playlist", ["name"])


def _album() -> None:
    op.create_table(
        "album",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("artist_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("musicbrainz_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("title", "artist_id"),
    )
    op.create_index("ix_album_artist_id", "album", ["artist_id"])
    op.create_index("ix_album_folded", "album", ["folded"])


def _artistalias() -> None:
    op.create_table(
        "artistalias",
        sa.Column("artist_id", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("artist_id", "folded"),
    )
    op.create_index("ix_artistalias_folded", "artistalias", ["folded"])


def _track() -> None:
    op.create_table(
        "track",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("mtime_ns", sa.Integer(), nullable=False),
        sa.Column("duration_s", sa.Float(), nullable=False),
        sa.Column("audio_format", sa.String(), nullable=False),
        sa.Column("sample_rate_hz", sa.Integer(), nullable=True),
        sa.Column("channels", sa.Integer(), nullable=True),
        sa.Column("bit_rate", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("artist_id", sa.Integer(), nullable=True),
        sa.Column("album_id", sa.Integer(), nullable=True),
        sa.Column("cover_id", sa.Integer(), nullable=True),
        sa.Column("track_no", sa.Integer(), nullable=True),
        sa.Column("disc_no", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("musicbrainz_id", sa.String(), nullable=True),
        sa.Column("musicbrainz_album_id", sa.String(), nullable=True),
        sa.Column("musicbrainz_artist_id", sa.String(), nullable=True),
        sa.Column("acoustid_fingerprint", sa.String(), nullable=True),
        sa.Column("missing", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("analysed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["album_id"], ["album.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["cover_id"], ["cover.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("path"),
    )
    op.create_index("ix_track_album_id", "track", ["album_id"])
    op.create_index("ix_track_artist_id", "track", ["artist_id"])
    op.create_index("ix_track_content_hash", "track", ["content_hash"])
    op.create_index("ix_track_cover_id", "track", ["cover_id"])
    op.create_index("ix_track_folded", "track", ["folded"])
    op.create_index("ix_track_missing_added", "track", ["missing", "added_at"])
    op.create_index("ix_track_year", "track", ["year"])


def _drumchart() -> None:
    op.create_table(
        "drumchart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("folder", sa.String(), nullable=False),
        sa.Column("zip_file", sa.String(), nullable=False),
        sa.Column("picture", sa.String(), nullable=True),
        sa.Column("bpm", sa.Float(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_drumchart_track_id", "drumchart", ["track_id"])


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_feedback_track_id", "feedback", ["track_id"])


def _genretag() -> None:
    op.create_table(
        "genretag",
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("genre_id", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["genre_id"], ["genre.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("track_id", "genre_id"),
    )
    op.create_index("ix_genretag_genre_track", "genretag", ["genre_id", "track_id"])


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("progress", sa.Float(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_job_key", "job", ["key"])
    op.create_index("ix_job_state_priority", "job", ["state", "priority", "id"])
    op.create_index("ix_job_track_id", "job", ["track_id"])
    op.create_index(
        "ux_job_open",
        "job",
        ["kind", "key"],
        unique=True,
        sqlite_where=sa.text("state IN ('queued', 'running')"),
    )


def _moodtag() -> None:
    op.create_table(
        "moodtag",
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("mood", sa.String(), nullable=False),
        sa.Column("strength", sa.Float(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("track_id", "mood"),
    )
    op.create_index("ix_moodtag_mood_strength", "moodtag", ["mood", "strength", "track_id"])


def _playlistentry() -> None:
    op.create_table(
        "playlistentry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("playlist_id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["playlist_id"], ["playlist.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_playlistentry_playlist_id", "playlistentry", ["playlist_id"])
    op.create_index("ix_playlistentry_track_id", "playlistentry", ["track_id"])


def _trackaudiofeatures() -> None:
    op.create_table(
        "trackaudiofeatures",
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("bpm", sa.Float(), nullable=True),
        sa.Column("bpm_alternative", sa.Float(), nullable=True),
        sa.Column("bpm_confidence", sa.Float(), nullable=True),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("scale", sa.String(), nullable=True),
        sa.Column("camelot_key", sa.String(), nullable=True),
        sa.Column("key_confidence", sa.Float(), nullable=True),
        sa.Column("energy", sa.Float(), nullable=True),
        sa.Column("danceability", sa.Float(), nullable=True),
        sa.Column("instrumental", sa.Float(), nullable=True),
        sa.Column("loudness_lufs", sa.Float(), nullable=True),
        sa.Column("true_peak_dbtp", sa.Float(), nullable=True),
        sa.Column("onset_rate_hz", sa.Float(), nullable=True),
        sa.Column("stability", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("track_id"),
    )
    op.create_index("ix_trackaudiofeatures_bpm", "trackaudiofeatures", ["bpm"])
    op.create_index("ix_trackaudiofeatures_camelot_key", "trackaudiofeatures", ["camelot_key"])
    op.create_index("ix_trackaudiofeatures_energy", "trackaudiofeatures", ["energy"])
    op.create_index("ix_trackaudiofeatures_instrumental", "trackaudiofeatures", ["instrumental"])
    op.create_index("ix_trackaudiofeatures_key", "trackaudiofeatures", ["key"])


def _trackembedding() -> None:
    op.create_table(
        "trackembedding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("dimension", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("track_id", "kind", "model"),
    )
    op.create_index("ix_trackembedding_track_id", "trackembedding", ["track_id"])


def _trackmetadata() -> None:
    op.create_table(
        "trackmetadata",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_trackmetadata_track_id", "trackmetadata", ["track_id"])


def _trackmirnormalized() -> None:
    op.create_table(
        "trackmirnormalized",
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("bpm", sa.Float(), nullable=True),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("scale", sa.String(), nullable=True),
        sa.Column("camelot_key", sa.String(), nullable=True),
        sa.Column("danceability", sa.Float(), nullable=True),
        sa.Column("mood_happy", sa.Float(), nullable=True),
        sa.Column("mood_aggressive", sa.Float(), nullable=True),
        sa.Column("mood_party", sa.Float(), nullable=True),
        sa.Column("mood_relaxed", sa.Float(), nullable=True),
        sa.Column("instrumental", sa.Float(), nullable=True),
        sa.Column("acoustic", sa.Float(), nullable=True),
        sa.Column("tonal", sa.Float(), nullable=True),
        sa.Column("genre_main", sa.String(), nullable=True),
        sa.Column("genre_secondary", sa.JSON(), nullable=False),
        sa.Column("confidence_score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("track_id"),
    )


def _trackmirraw() -> None:
    op.create_table(
        "trackmirraw",
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("features_raw", sa.JSON(), nullable=False),
        sa.Column("stage_versions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("track_id"),
    )


def _trackmirscores() -> None:
    op.create_table(
        "trackmirscores",
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("energy_score", sa.Float(), nullable=True),
        sa.Column("dance_score", sa.Float(), nullable=True),
        sa.Column("acousticness", sa.Float(), nullable=True),
        sa.Column("complexity_score", sa.Float(), nullable=True),
        sa.Column("emotional_intensity", sa.Float(), nullable=True),
        sa.Column("mood_valence", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("track_id"),
    )


def _trackmirsynthetictag() -> None:
    op.create_table(
        "trackmirsynthetictag",
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("track_id", "tag"),
    )


_TABLES = (
    _artist, _cover, _genre, _indexerstate, _playlist, _album, _artistalias, _track, _drumchart,
    _feedback, _genretag, _job, _moodtag, _playlistentry, _trackaudiofeatures, _trackembedding,
    _trackmetadata, _trackmirnormalized, _trackmirraw, _trackmirscores, _trackmirsynthetictag,
)  # fmt: skip
