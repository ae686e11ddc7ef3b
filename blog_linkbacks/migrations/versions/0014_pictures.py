"""pictures, where they are used, covers of posts"""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'

BigId = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.create_table(
        'pictures',
        sa.Column('id', BigId, primary_key=True),
        sa.Column('name', sa.String(64), nullable=False),
        sa.Column('kind', sa.String(10), nullable=False),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('height', sa.Integer(), nullable=False),
        sa.Column('widths', sa.JSON(), nullable=False),
        sa.Column('size', BigId, nullable=False),
        sa.Column('alt', sa.Text(), nullable=False),
        sa.Column('title', sa.String(200), nullable=False),
        sa.Column('user_id', BigId, sa.ForeignKey('users.id', name='fk_pictures_user_id_users')),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint('name', name='uq_pictures_name'),
    )
    op.create_table(
        'picture_uses',
        sa.Column('picture_id', BigId, sa.ForeignKey('pictures.id', name='fk_picture_uses_picture_id_pictures'), primary_key=True),
        sa.Column('post_id', BigId, sa.ForeignKey('posts.id', name='fk_picture_uses_post_id_posts'), primary_key=True),
    )
    op.create_index('ix_picture_uses_post_id', 'picture_uses', ['post_id'])
    # Not by alembic: for the constraint it would make `posts` anew on SQLite, without its triggers.
    number = 'INTEGER' if op.get_bind().dialect.name == 'sqlite' else 'BIGINT'
    op.execute(f'ALTER TABLE posts ADD COLUMN cover_id {number} CONSTRAINT fk_posts_cover_id_pictures REFERENCES pictures (id)')
    op.add_column('posts', sa.Column('cover_alt', sa.Text(), nullable=False, server_default=''))
    op.create_index('ix_posts_cover_id', 'posts', ['cover_id'])


def downgrade() -> None:
    op.drop_index('ix_posts_cover_id', table_name='posts')
    op.drop_column('posts', 'cover_alt')
    op.drop_column('posts', 'cover_id')
    op.drop_table('picture_uses')
    op.drop_table('pictures')
