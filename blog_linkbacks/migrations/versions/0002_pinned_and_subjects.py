"""related posts can be pinned; what posts are about"""

import sqlalchemy as sa
from alembic import op

from blog_linkbacks.blog.neighbours import terms

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    op.add_column('linkbacks', sa.Column('pinned', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index('ix_linkbacks_related', 'linkbacks', ['post_id', 'status', 'pinned', 'id'],
        sqlite_where=sa.text('internal = 1'), postgresql_where=sa.text('internal'))
    table = op.create_table('post_terms',
    sa.Column('term', sa.String(length=80), nullable=False),
    sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('weight', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name=op.f('fk_post_terms_post_id_posts')),
    sa.PrimaryKeyConstraint('term', 'post_id', name=op.f('pk_post_terms')),
    sqlite_with_rowid=False
    )
    op.create_index(op.f('ix_post_terms_post_id'), 'post_terms', ['post_id'])
    _fill(table)


def downgrade() -> None:
    op.drop_table('post_terms')
    op.drop_index('ix_linkbacks_related', table_name='linkbacks')
    op.drop_column('linkbacks', 'pinned')


def _fill(table: sa.Table) -> None:
    """What is published already has subjects too."""
    bind = op.get_bind()
    published = sa.text("SELECT id, title, text FROM posts WHERE state = 'published' AND id > :last ORDER BY id LIMIT 500")
    last = 0
    while rows := bind.execute(published, {'last': last}).all():
        tags: dict[int, list[str]] = {}
        for post_id, key in bind.execute(sa.text(
            'SELECT post_id, key FROM post_tags WHERE post_id BETWEEN :first AND :last'
        ), {'first': rows[0].id, 'last': rows[-1].id}):
            tags.setdefault(post_id, []).append(key)
        found = [
            {'term': term, 'post_id': row.id, 'weight': weight}
            for row in rows
            for term, weight in terms(row.title, tags.get(row.id, []), row.text).items()
        ]
        if found:
            op.bulk_insert(table, found)
        last = rows[-1].id
