"""what decisions taught"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.add_column('linkbacks', sa.Column('features', sa.Text(), server_default='', nullable=False))
    op.create_table('lessons',
    sa.Column('id', _ID, nullable=False),
    sa.Column('linkback_id', _ID, nullable=False),
    sa.Column('label', sa.String(length=4), nullable=False),
    sa.Column('wording', sa.String(length=32), nullable=False),
    sa.Column('digest', sa.String(length=32), nullable=False),
    sa.Column('features', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lessons')),
    sa.UniqueConstraint('linkback_id', name=op.f('uq_lessons_linkback_id'))
    )
    op.create_index('ix_lessons_wording', 'lessons', ['wording', 'label', 'digest'])
    op.create_table('learned_features',
    sa.Column('feature', sa.Text(), nullable=False),
    sa.Column('ham', sa.BigInteger(), nullable=False),
    sa.Column('spam', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('feature', name=op.f('pk_learned_features')),
    sqlite_with_rowid=False
    )
    op.create_table('learned_sizes',
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_learned_sizes'))
    )


def downgrade() -> None:
    for table in ('learned_sizes', 'learned_features', 'lessons'):
        op.drop_table(table)
    op.drop_column('linkbacks', 'features')
