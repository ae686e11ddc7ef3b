"""rules for sites and edits of texts are kept, to be shown and undone; the history and sites straight from an index"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        'rule_changes',
        *_deed('rule_changes'),
        sa.Column('host', sa.Text(), nullable=False),
        sa.Column('action', sa.String(length=10), nullable=False),
        sa.Column('until', _WHEN, nullable=True),
        sa.Column('was_action', sa.String(length=10), nullable=False),
        sa.Column('was_until', _WHEN, nullable=True),
        sa.Column('batch', sa.String(length=32), nullable=False),
        sa.UniqueConstraint('batch', name='uq_rule_changes_batch'),
    )
    op.create_index('ix_rule_changes_created_at', 'rule_changes', ['created_at'])
    op.create_index('ix_rule_changes_host', 'rule_changes', ['host', 'id'])
    op.create_table(
        'text_edits',
        *_deed('text_edits'),
        sa.Column('linkback_id', _ID, nullable=False),
        sa.Column('before', sa.JSON(), nullable=False),
        sa.Column('after', sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(['linkback_id'], ['linkbacks.id'], name='fk_text_edits_linkback_id_linkbacks'),
    )
    op.create_index('ix_text_edits_created_at', 'text_edits', ['created_at'])
    op.create_index('ix_text_edits_linkback_id', 'text_edits', ['linkback_id'])
    op.drop_index('ix_decisions_batch', table_name='decisions')
    op.create_index('ix_decisions_batch', 'decisions', ['batch', 'id'])
    op.create_index('ix_decisions_user', 'decisions', ['user_id', 'id'])
    op.create_index('ix_decisions_rule', 'decisions', ['rule', 'id'])
    op.create_index('ix_decisions_status', 'decisions', ['to_status', 'id'])
    op.create_index('ix_linkbacks_status_site', 'linkbacks', ['status', 'source_site'])
    op.create_index('ix_linkbacks_site', 'linkbacks', ['source_site', 'id'])


def downgrade() -> None:
    op.drop_index('ix_linkbacks_site', table_name='linkbacks')
    op.drop_index('ix_linkbacks_status_site', table_name='linkbacks')
    for index in ('status', 'rule', 'user', 'batch'):
        op.drop_index(f'ix_decisions_{index}', table_name='decisions')
    op.create_index('ix_decisions_batch', 'decisions', ['batch'])
    op.drop_table('text_edits')
    op.drop_table('rule_changes')


def _deed(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column('id', _ID, nullable=False),
        sa.Column('user_id', _ID, nullable=True),
        sa.Column('created_at', _WHEN, nullable=False),
        sa.Column('undone_at', _WHEN, nullable=True),
        sa.Column('undone_by_id', _ID, nullable=True),
        sa.PrimaryKeyConstraint('id', name=f'pk_{table}'),
        sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=f'fk_{table}_user_id_users'),
        sa.ForeignKeyConstraint(['undone_by_id'], ['users.id'], name=f'fk_{table}_undone_by_id_users'),
    ]
