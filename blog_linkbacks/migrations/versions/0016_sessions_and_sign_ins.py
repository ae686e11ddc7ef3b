"""sessions as rows, the second step of signing in, the record of sign-ins

Everybody signs in once more: a session is a row now.
"""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name, size in (('totp_secret', 64), ('totp_offered', 64)):
        op.add_column('users', sa.Column(name, sa.String(length=size), server_default='', nullable=False))
    op.add_column('users', sa.Column('totp_step', _ID, server_default='0', nullable=False))
    op.create_table('user_sessions',
    sa.Column('id', _ID, nullable=False),
    sa.Column('user_id', _ID, nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('started_at', _WHEN, nullable=False),
    sa.Column('seen_at', _WHEN, nullable=False),
    sa.Column('address', sa.String(length=45), nullable=False),
    sa.Column('agent', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_user_sessions_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_sessions')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_user_sessions_token_hash'))
    )
    op.create_index(op.f('ix_user_sessions_user_id'), 'user_sessions', ['user_id'], unique=False)
    op.create_table('recovery_codes',
    sa.Column('user_id', _ID, nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_recovery_codes_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', 'code_hash', name=op.f('pk_recovery_codes'))
    )
    op.create_table('sign_ins',
    sa.Column('id', _ID, nullable=False),
    sa.Column('at', _WHEN, nullable=False),
    sa.Column('user_id', _ID, nullable=True),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('bucket', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=45), nullable=False),
    sa.Column('agent', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['users.id'], name=op.f('fk_sign_ins_user_id_users'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_ins'))
    )
    op.create_index('ix_sign_ins_bucket', 'sign_ins', ['bucket', 'at'], unique=False)
    op.create_index('ix_sign_ins_user', 'sign_ins', ['user_id', 'id'], unique=False)


def downgrade() -> None:
    for table in ('sign_ins', 'recovery_codes', 'user_sessions'):
        op.drop_table(table)
    for column in ('totp_step', 'totp_offered', 'totp_secret'):
        op.drop_column('users', column)
