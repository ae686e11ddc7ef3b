"""what Akismet was asked, and what it is told"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004a'

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    op.add_column('linkbacks', sa.Column('akismet', sa.JSON(), nullable=True))
    op.create_table('akismet_reports',
    sa.Column('id', _ID, nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.Integer(), server_default='0', nullable=False),
    sa.Column('lease_by', sa.String(), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('linkback_id', _ID, nullable=False),
    sa.Column('form', sa.JSON(), nullable=False),
    sa.Column('answer', sa.String(length=4), nullable=False),
    sa.Column('told', sa.String(length=4), nullable=False),
    sa.Column('wanted', sa.String(length=4), nullable=False),
    sa.Column('error', sa.Text(), nullable=False),
    sa.Column('sent', sa.Integer(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(
        ['linkback_id'], ['linkbacks.id'],
        name=op.f('fk_akismet_reports_linkback_id_linkbacks'), ondelete='CASCADE',
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_akismet_reports')),
    sa.UniqueConstraint('linkback_id', name=op.f('uq_akismet_reports_linkback_id'))
    )
    op.create_index('ix_akismet_reports_due_at', 'akismet_reports', ['due_at'])
    op.create_index('ix_akismet_reports_lease_by', 'akismet_reports', ['lease_by'])


def downgrade() -> None:
    op.drop_table('akismet_reports')
    op.drop_column('linkbacks', 'akismet')
