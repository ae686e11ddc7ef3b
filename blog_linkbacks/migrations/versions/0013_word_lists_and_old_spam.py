"""lists of words; what is remembered of linkbacks that were deleted for their age"""

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'

_OLD = "status IN ('spam', 'unverified')"


def upgrade() -> None:
    op.create_table(
        'word_lists',
        sa.Column('name', sa.String(length=20), nullable=False),
        sa.Column('text', sa.Text(), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('name', name='pk_word_lists'),
    )
    op.create_table(
        'past_linkbacks',
        sa.Column('sort', sa.String(length=10), nullable=False),
        sa.Column('value', sa.Text(), nullable=False),
        sa.Column('spam', sa.Integer(), nullable=False),
        sa.Column('unverified', sa.Integer(), nullable=False),
        sa.Column('undone', sa.Integer(), nullable=False),
        sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('sort', 'value', name='pk_past_linkbacks'),
    )
    op.create_index('ix_past_linkbacks_last_at', 'past_linkbacks', ['last_at'])
    op.create_table(
        'past_decisions',
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('digest', name='pk_past_decisions'),
    )
    op.create_index('ix_past_decisions_at', 'past_decisions', ['at'])
    op.create_index(
        'ix_linkbacks_old',
        'linkbacks',
        ['status', 'decided_at', 'id'],
        sqlite_where=sa.text(_OLD),
        postgresql_where=sa.text(_OLD),
    )
    op.create_index('ix_linkback_prints_linkback_id', 'linkback_prints', ['linkback_id'])


def downgrade() -> None:
    op.drop_index('ix_linkback_prints_linkback_id', table_name='linkback_prints')
    op.drop_index('ix_linkbacks_old', table_name='linkbacks')
    op.drop_table('past_decisions')
    op.drop_table('past_linkbacks')
    op.drop_table('word_lists')
