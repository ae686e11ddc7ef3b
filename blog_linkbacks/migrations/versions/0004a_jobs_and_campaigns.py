"""jobs in the background; campaigns; what people set for themselves"""

import sqlalchemy as sa
from alembic import op

revision = '0004a'
down_revision = '0004'

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_WHEN = sa.DateTime(timezone=True)
_BAND = sa.text('(CASE WHEN score < 0.4 THEN 0 WHEN score >= 0.75 THEN 2 ELSE 1 END)')


def upgrade() -> None:
    op.create_table('campaigns',
    sa.Column('id', _ID, nullable=False),
    sa.Column('sort', sa.String(length=20), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('waiting', sa.Integer(), nullable=False),
    sa.Column('last_at', _WHEN, nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaigns'))
    )
    op.create_index('ix_campaigns_key', 'campaigns', ['key', 'last_at'], unique=False)
    _make_jobs()
    op.add_column('users', sa.Column('preferences', sa.JSON(), server_default='{}', nullable=False))
    op.drop_index('ix_linkbacks_urgency', table_name='linkbacks', if_exists=True)
    op.add_column('linkbacks', sa.Column('told_by', sa.String(length=60), server_default='', nullable=False))
    op.add_column('linkbacks', sa.Column('edited', sa.JSON(), nullable=True))
    op.add_column('linkbacks', sa.Column('campaign_id', _ID, nullable=True))
    op.add_column('linkbacks', sa.Column('folded', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index('ix_linkbacks_urgency', 'linkbacks', ['status', 'folded', _BAND, 'id'], unique=False)
    op.create_index('ix_linkbacks_campaign', 'linkbacks', ['campaign_id', 'status', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_linkbacks_campaign', table_name='linkbacks')
    op.drop_index('ix_linkbacks_urgency', table_name='linkbacks', if_exists=True)
    for column in ('folded', 'campaign_id', 'edited', 'told_by'):
        op.drop_column('linkbacks', column)
    op.create_index('ix_linkbacks_urgency', 'linkbacks', ['status', _BAND, 'id'], unique=False)
    op.drop_column('users', 'preferences')
    op.drop_table('jobs')
    op.drop_table('campaigns')


def _make_jobs() -> None:
    op.create_table('jobs',
    sa.Column('id', _ID, nullable=False),
    sa.Column('due_at', _WHEN, nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('lease_by', sa.String(), nullable=True),
    sa.Column('lease_until', _WHEN, nullable=True),
    sa.Column('token', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('left', sa.Integer(), nullable=False),
    sa.Column('cursor', _ID, nullable=False),
    sa.Column('batch', sa.String(length=32), nullable=True),
    sa.Column('result', sa.JSON(), nullable=False),
    sa.Column('message', sa.Text(), nullable=False),
    sa.Column('user_id', _ID, nullable=True),
    sa.Column('created_at', _WHEN, nullable=False),
    sa.Column('finished_at', _WHEN, nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_jobs_user_id_users')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jobs')),
    sa.UniqueConstraint('token', name=op.f('uq_jobs_token'))
    )
    op.create_index('ix_jobs_due_at', 'jobs', ['due_at'], unique=False)
    op.create_index('ix_jobs_state', 'jobs', ['state', 'id'], unique=False)
