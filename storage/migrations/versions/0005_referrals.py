"""staff, organisations as receivers, referrals and their consents"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('accounts',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('organisation', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('duty_until', sa.Float(), nullable=True),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accounts'))
    )
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_accounts_organisation'), ['organisation'], unique=False)

    op.create_table('agreements',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreements'))
    )
    op.create_table('codes',
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('referral', sa.String(length=32), nullable=False),
    sa.Column('expires_at', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_codes'))
    )
    with op.batch_alter_table('codes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_codes_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_codes_referral'), ['referral'], unique=False)

    op.create_table('consents',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('referral', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', sa.Float(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consents')),
    info={'personal': True},
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consents_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_consents_referral'), ['referral'], unique=False)

    op.create_table('devices',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('account', sa.String(length=40), nullable=False),
    sa.Column('organisation', sa.String(length=40), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_devices'))
    )
    with op.batch_alter_table('devices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_devices_account'), ['account'], unique=False)
        batch_op.create_index(batch_op.f('ix_devices_organisation'), ['organisation'], unique=False)

    op.create_table('invites',
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('account', sa.String(length=40), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_invites'))
    )
    with op.batch_alter_table('invites', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invites_account'), ['account'], unique=False)
        batch_op.create_index(batch_op.f('ix_invites_expires_at'), ['expires_at'], unique=False)

    op.create_table('network',
    sa.Column('id', sa.String(length=60), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_network'))
    )
    op.create_table('notices',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('account', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=24), nullable=False),
    sa.Column('code', sa.String(length=16), nullable=False),
    sa.Column('due_at', sa.Float(), nullable=False),
    sa.Column('expires_at', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notices')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notices_account'), ['account'], unique=False)
        batch_op.create_index(batch_op.f('ix_notices_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_notices_expires_at'), ['expires_at'], unique=False)

    op.create_table('partners',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partners'))
    )
    op.create_table('referrals',
    sa.Column('id', sa.String(length=32), nullable=False),
    sa.Column('sender', sa.String(length=40), nullable=False),
    sa.Column('receiver', sa.String(length=40), nullable=False),
    sa.Column('owner', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('due_at', sa.Float(), nullable=True),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('parts', sa.LargeBinary(), nullable=False),
    sa.Column('share', sa.String(length=32), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', sa.Float(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referrals')),
    info={'personal': True},
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('referrals', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_referrals_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_referrals_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_referrals_owner'), ['owner'], unique=False)
        batch_op.create_index(batch_op.f('ix_referrals_receiver'), ['receiver'], unique=False)
        batch_op.create_index(batch_op.f('ix_referrals_sender'), ['sender'], unique=False)
        batch_op.create_index(batch_op.f('ix_referrals_state'), ['state'], unique=False)

    op.create_table('staff_chats',
    sa.Column('chat', sa.String(length=64), nullable=False),
    sa.Column('account', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('chat', name=op.f('pk_staff_chats'))
    )
    with op.batch_alter_table('staff_chats', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_chats_account'), ['account'], unique=False)
        batch_op.create_index(batch_op.f('ix_staff_chats_expires_at'), ['expires_at'], unique=False)

    op.create_table('staff_sessions',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('account', sa.String(length=40), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('expires_at', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_sessions'))
    )
    with op.batch_alter_table('staff_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_sessions_account'), ['account'], unique=False)
        batch_op.create_index(batch_op.f('ix_staff_sessions_expires_at'), ['expires_at'], unique=False)

    op.create_table('unit_keys',
    sa.Column('organisation', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('organisation', 'number', name=op.f('pk_unit_keys'))
    )


def downgrade() -> None:
    op.drop_table('unit_keys')
    with op.batch_alter_table('staff_sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_staff_sessions_expires_at'))
        batch_op.drop_index(batch_op.f('ix_staff_sessions_account'))

    op.drop_table('staff_sessions')
    with op.batch_alter_table('staff_chats', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_staff_chats_expires_at'))
        batch_op.drop_index(batch_op.f('ix_staff_chats_account'))

    op.drop_table('staff_chats')
    with op.batch_alter_table('referrals', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_referrals_state'))
        batch_op.drop_index(batch_op.f('ix_referrals_sender'))
        batch_op.drop_index(batch_op.f('ix_referrals_receiver'))
        batch_op.drop_index(batch_op.f('ix_referrals_owner'))
        batch_op.drop_index(batch_op.f('ix_referrals_expires_at'))
        batch_op.drop_index(batch_op.f('ix_referrals_due_at'))

    op.drop_table('referrals')
    op.drop_table('partners')
    with op.batch_alter_table('notices', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notices_expires_at'))
        batch_op.drop_index(batch_op.f('ix_notices_due_at'))
        batch_op.drop_index(batch_op.f('ix_notices_account'))

    op.drop_table('notices')
    op.drop_table('network')
    with op.batch_alter_table('invites', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invites_expires_at'))
        batch_op.drop_index(batch_op.f('ix_invites_account'))

    op.drop_table('invites')
    with op.batch_alter_table('devices', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_devices_organisation'))
        batch_op.drop_index(batch_op.f('ix_devices_account'))

    op.drop_table('devices')
    with op.batch_alter_table('consents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consents_referral'))
        batch_op.drop_index(batch_op.f('ix_consents_expires_at'))

    op.drop_table('consents')
    with op.batch_alter_table('codes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_codes_referral'))
        batch_op.drop_index(batch_op.f('ix_codes_expires_at'))

    op.drop_table('codes')
    op.drop_table('agreements')
    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_accounts_organisation'))

    op.drop_table('accounts')
