"""what an author typed and did not save; when a draft is to be published; the secret address of its preview"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'


def upgrade() -> None:
    op.add_column('posts', sa.Column('publish_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('posts', sa.Column('preview_token', sa.String(length=64), nullable=True))
    op.create_index('ix_posts_publish_at', 'posts', ['publish_at'])
    op.create_index('ix_posts_preview_token', 'posts', ['preview_token'], unique=True)
    op.create_table(
        'post_drafts',
        sa.Column('post_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('words', sa.JSON(), nullable=True),
        sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
        sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['post_id'], ['posts.id'], name='fk_post_drafts_post_id_posts'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name='fk_post_drafts_user_id_users'),
        sa.PrimaryKeyConstraint('post_id', name='pk_post_drafts'),
    )


def downgrade() -> None:
    op.drop_table('post_drafts')
    op.drop_index('ix_posts_preview_token', table_name='posts')
    op.drop_index('ix_posts_publish_at', table_name='posts')
    op.drop_column('posts', 'preview_token')
    op.drop_column('posts', 'publish_at')
