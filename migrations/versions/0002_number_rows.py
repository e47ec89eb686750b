"""number rows where features are stored, so that they stay when tracks are added."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("network", schema=None) as batch_op:
        for name in ("revision", "rows_since", "n_rows"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "row_range",
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("track_id", sa.Integer(), nullable=False),
        sa.Column("first_row", sa.Integer(), nullable=False),
        sa.Column("n_segments", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name=op.f("fk_row_range_network_id_network"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["track_id"], ["track.id"], name=op.f("fk_row_range_track_id_track"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("network_id", "track_id", name=op.f("pk_row_range")),
        sa.UniqueConstraint("network_id", "first_row", name=op.f("uq_row_range_network_id_first_row")),
    )
    with op.batch_alter_table("row_range", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_row_range_track_id"), ["track_id"], unique=False)
    _number_rows()
    with op.batch_alter_table("network", schema=None) as batch_op:
        for name in ("revision", "rows_since", "n_rows"):
            batch_op.alter_column(name, server_default=None)
    with op.batch_alter_table("space", schema=None) as batch_op:
        batch_op.drop_column("revision")
    with op.batch_alter_table("coordinates", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_row", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    _date_coordinates()
    with op.batch_alter_table("coordinates", schema=None) as batch_op:
        batch_op.alter_column("first_row", server_default=None)
        batch_op.alter_column("revision", server_default=None)
        batch_op.drop_column("content_hash")
        batch_op.create_index(batch_op.f("ix_coordinates_projection_id_revision"), ["projection_id", "revision"], unique=False)


def _number_rows() -> None:
    """Rows by track, as they were counted so far; where layers lack a track, the other layer tells its segments."""
    op.execute(
        "INSERT INTO row_range (network_id, track_id, first_row, n_segments)"
        " SELECT network_id, track_id, sum(n_segments) OVER (PARTITION BY network_id ORDER BY track_id) - n_segments, n_segments"
        " FROM (SELECT space.network_id, features.track_id, max(features.n_segments) AS n_segments"
        "       FROM features JOIN space ON space.id = features.space_id GROUP BY space.network_id, features.track_id) AS stored"
    )
    op.execute(
        "UPDATE network SET"
        " n_rows = coalesce((SELECT sum(n_segments) FROM row_range WHERE row_range.network_id = network.id), 0),"
        " revision = coalesce((SELECT max(space.revision) FROM space WHERE space.network_id = network.id), 0) + 1"
    )
    op.execute("UPDATE network SET rows_since = revision")


def _date_coordinates() -> None:
    """Coordinates of the stored features belong to their rows; others to none, and reduce-all computes them again."""
    op.execute(
        "UPDATE coordinates SET"
        " revision = (SELECT projection.revision FROM projection WHERE projection.id = coordinates.projection_id),"
        " first_row = coalesce((SELECT row_range.first_row FROM projection"
        "   JOIN space ON space.id = projection.space_id"
        "   JOIN row_range ON row_range.network_id = space.network_id AND row_range.track_id = coordinates.track_id"
        "   JOIN features ON features.space_id = space.id AND features.track_id = coordinates.track_id"
        "   WHERE projection.id = coordinates.projection_id AND features.n_segments = coordinates.n_segments"
        "   AND (features.content_hash = coordinates.content_hash"
        "        OR features.content_hash IS NULL AND coordinates.content_hash IS NULL)), -1)"
    )


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table("coordinates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coordinates_projection_id_revision"))
        batch_op.add_column(sa.Column("content_hash", sa.String(length=64), nullable=True))
    op.execute(
        "UPDATE coordinates SET content_hash = (SELECT features.content_hash FROM projection"
        " JOIN features ON features.space_id = projection.space_id AND features.track_id = coordinates.track_id"
        " WHERE projection.id = coordinates.projection_id)"
    )
    with op.batch_alter_table("coordinates", schema=None) as batch_op:
        batch_op.drop_column("revision")
        batch_op.drop_column("first_row")
    with op.batch_alter_table("space", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE space SET revision = (SELECT revision FROM network WHERE network.id = space.network_id)")
    with op.batch_alter_table("row_range", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_row_range_track_id"))
    op.drop_table("row_range")
    with op.batch_alter_table("network", schema=None) as batch_op:
        for name in ("n_rows", "rows_since", "revision"):
            batch_op.drop_column(name)
