"""separate sources from tracks, and make one of what is spelt in two ways.

A track is a recording; where its sound is goes into `source`. Today each has one, its file.

Names are compared by a key, composed and casefolded: SQLite lowers ASCII only. That holds for tags, and for artists and albums too:
who files `Björk` beside `björk` means one artist. The spelling that was there first stays and everything refers to it; of labels
that are double after that, the first stays. In a constraint no null equals another, so partial indexes keep labels of whole tracks
and albums without an artist single.
"""

from collections.abc import Iterable, Sequence
from unicodedata import normalize

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

FILE_COLUMNS = ("path", "state", "size_bytes", "mtime_ns", "codec", "n_channels", "sample_rate_hz")
OF_A_LABEL = ("track_id", "tag_id", "annotation_set_id")


def upgrade() -> None:
    """Apply."""
    _separate_sources()
    _add_key("artist", "name", (), [("track", "artist_id"), ("album", "artist_id")], "uq_artist_name")
    _add_key("album", "title", ("artist_id",), [("track", "album_id")], "uq_album_artist_id_title")
    _add_partial_index("uq_album_key_without_artist", "album", ["key"], "artist_id IS NULL")
    # two labels become the same when their tags do
    with op.batch_alter_table("annotation", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_annotation_track_id_tag_id_annotation_set_id_start_s"), type_="unique")
    _add_key("tag", "name", ("category",), [("annotation", "tag_id")], "uq_tag_category_name")
    _drop_double_annotations()
    with op.batch_alter_table("annotation", schema=None) as batch_op:
        batch_op.create_unique_constraint(op.f("uq_annotation_track_id_tag_id_annotation_set_id_start_s"), [*OF_A_LABEL, "start_s"])
    _add_partial_index("uq_annotation_of_whole_track", "annotation", OF_A_LABEL, "start_s IS NULL")


def downgrade() -> None:
    """Take back. What became one stays one; of several sources of a track the first stays."""
    op.drop_index("uq_annotation_of_whole_track", "annotation")
    op.drop_index("uq_album_key_without_artist", "album")
    for table, columns in {"tag": ["category", "name"], "album": ["artist_id", "title"], "artist": ["name"]}.items():
        others = [column for column in columns if column not in ("name", "title")]
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"uq_{table}_{'_'.join([*others, 'key'])}"), type_="unique")
            batch_op.create_unique_constraint(op.f(f"uq_{table}_{'_'.join(columns)}"), columns)
            batch_op.drop_column("key")
    with op.batch_alter_table("track", schema=None) as batch_op:
        batch_op.add_column(sa.Column("path", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("state", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("size_bytes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("mtime_ns", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("codec", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("n_channels", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sample_rate_hz", sa.Integer(), nullable=True))
    track, source = _table("track", "id", *FILE_COLUMNS), _table("source", "id", "track_id", "kind", "external_id", *FILE_COLUMNS)
    first = sa.select(sa.func.min(source.c.id)).group_by(source.c.track_id)
    own = (source.c.track_id == track.c.id, source.c.id.in_(first))
    op.execute(track.update().values({name: sa.select(source.c[name]).where(*own).scalar_subquery() for name in FILE_COLUMNS}))
    op.execute(
        track.update()
        .where(track.c.path.is_(None))
        .values(path=sa.literal("track ") + sa.cast(track.c.id, sa.String()), state="missing", size_bytes=0, mtime_ns=0)
    )
    with op.batch_alter_table("track", schema=None) as batch_op:
        for name in FILE_COLUMNS[:4]:
            batch_op.alter_column(name, nullable=False)
        batch_op.create_unique_constraint(op.f("uq_track_path"), ["path"])
        batch_op.create_index(batch_op.f("ix_track_state"), ["state"], unique=False)
    op.drop_table("source")


def _separate_sources() -> None:
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("path", sa.String(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=True),
        sa.Column("codec", sa.String(), nullable=True),
        sa.Column("n_channels", sa.Integer(), nullable=True),
        sa.Column("sample_rate_hz", sa.Integer(), nullable=True),
        sa.CheckConstraint("(kind = 'file') = (path IS NOT NULL)", name=op.f("ck_source_only_files_have_a_path")),
        sa.CheckConstraint("(kind = 'file') = (external_id IS NULL)", name=op.f("ck_source_only_others_have_an_external_id")),
        sa.CheckConstraint(
            "kind <> 'file' OR (size_bytes IS NOT NULL AND mtime_ns IS NOT NULL)", name=op.f("ck_source_files_have_size_and_time")
        ),
        sa.CheckConstraint("state IN ('present', 'missing')", name=op.f("ck_source_state")),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_source_track_id_track"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("kind", "external_id", name=op.f("uq_source_kind_external_id")),
        sa.UniqueConstraint("path", name=op.f("uq_source_path")),
    )
    columns = ", ".join(FILE_COLUMNS)
    op.execute(f"INSERT INTO source (track_id, kind, {columns}) SELECT id, 'file', {columns} FROM track ORDER BY id")
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_track_id_state"), ["track_id", "state"], unique=False)
    with op.batch_alter_table("track", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_track_state"))
        batch_op.drop_constraint(op.f("uq_track_path"), type_="unique")
        for name in FILE_COLUMNS:
            batch_op.drop_column(name)


def _add_key(table: str, named: str, beside: Sequence[str], references: Iterable[tuple[str, str]], unique: str) -> None:
    """Give a table the key of its names, unique together with the columns `beside`; one row stays of those that share it."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(), nullable=True))
        batch_op.drop_constraint(op.f(unique), type_="unique")
    rows = _table(table, "id", named, "key", *beside)
    kept: dict[tuple[object, ...], int] = {}
    double = []
    for row in op.get_bind().execute(sa.select(rows).order_by(rows.c.id)).mappings().all():
        key = _key_of(row[named])
        first = kept.setdefault((key, *(row[column] for column in beside)), row["id"])
        if first == row["id"]:
            op.execute(rows.update().where(rows.c.id == row["id"]).values(key=key))
        else:
            double.append((row["id"], first))
    for referring, column in references:
        others = _table(referring, column)
        for old, first in double:
            op.execute(others.update().where(others.c[column] == old).values({column: first}))
    for old, _ in double:
        op.execute(rows.delete().where(rows.c.id == old))
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.alter_column("key", existing_type=sa.String(), nullable=False)
        batch_op.create_unique_constraint(op.f(f"uq_{table}_{'_'.join([*beside, 'key'])}"), [*beside, "key"])


def _drop_double_annotations() -> None:
    rows = _table("annotation", "id", *OF_A_LABEL, "start_s")
    # nulls are equal to each other here, unlike in a constraint
    first = sa.select(sa.func.min(rows.c.id)).group_by(*(rows.c[column] for column in (*OF_A_LABEL, "start_s")))
    op.execute(rows.delete().where(rows.c.id.not_in(first)))


def _add_partial_index(name: str, table: str, columns: Sequence[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, list(columns), unique=True, sqlite_where=where, postgresql_where=where)


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))


def _key_of(name: str) -> str:
    return normalize("NFC", normalize("NFC", name).casefold())
