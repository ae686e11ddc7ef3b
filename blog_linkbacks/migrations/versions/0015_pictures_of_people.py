"""pictures of people who responded, and which response shows which"""

import hashlib
from datetime import datetime, timezone

import sqlalchemy as sa
from alembic import op

from blog_linkbacks.db import BigId, UTCDateTime

revision = '0015'
down_revision = '0014'

ONLY_FACED = sa.text('face_id IS NOT NULL')


def upgrade() -> None:
    faces = op.create_table(
        'faces',
        sa.Column('id', BigId, nullable=False),
        sa.Column('due_at', UTCDateTime(), nullable=True),
        sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
        sa.Column('lease_by', sa.String(), nullable=True),
        sa.Column('lease_until', UTCDateTime(), nullable=True),
        sa.Column('key', sa.String(length=64), nullable=False),
        sa.Column('url', sa.Text(), nullable=False),
        sa.Column('name', sa.String(length=32), server_default='', nullable=False),
        sa.Column('error', sa.Text(), server_default='', nullable=False),
        sa.Column('tried_at', UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_faces')),
        sa.UniqueConstraint('key', name=op.f('uq_faces_key')),
    )
    op.create_index('ix_faces_due_at', 'faces', ['due_at'])
    op.create_index('ix_faces_lease_by', 'faces', ['lease_by'])
    op.add_column('linkbacks', sa.Column('face_id', BigId, nullable=True))
    op.create_index(
        'ix_linkbacks_face', 'linkbacks', ['face_id'], sqlite_where=ONLY_FACED, postgresql_where=ONLY_FACED
    )
    _take_up(faces)


def downgrade() -> None:
    op.drop_index('ix_linkbacks_face', table_name='linkbacks')
    op.drop_column('linkbacks', 'face_id')
    op.drop_table('faces')


def _take_up(faces: sa.Table) -> None:
    """The pictures that approved responses name already, to be fetched soon."""
    bind = op.get_bind()
    linkbacks = sa.table('linkbacks', *map(sa.column, ('id', 'author_photo', 'status', 'internal', 'face_id')))
    named = bind.execute(
        sa.text(
            "SELECT id, author_photo FROM linkbacks WHERE status = 'approved' AND NOT internal AND author_photo <> ''"
        )
    ).all()
    photos = {url for _, url in named if len(url) <= 2000}
    if not photos:
        return
    due = datetime.now(timezone.utc)
    bind.execute(
        sa.insert(faces),
        [{'key': hashlib.sha256(url.encode()).hexdigest(), 'url': url, 'due_at': due} for url in sorted(photos)],
    )
    ids = dict(bind.execute(sa.select(faces.c.url, faces.c.id)).all())
    bind.execute(
        sa.update(linkbacks).where(linkbacks.c.id == sa.bindparam('this')).values(face_id=sa.bindparam('face')),
        [{'this': id, 'face': ids[url]} for id, url in named if url in ids],
    )
