"""editions, drafts, recordings, kept walks, reports"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('clips',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('sound', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_clips'))
    )
    op.create_table('draft_items',
    sa.Column('draft', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('draft', 'kind', 'key', name=op.f('pk_draft_items'))
    )
    op.create_table('draft_steps',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('draft', sa.String(length=40), nullable=False),
    sa.Column('by', sa.String(length=40), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draft_steps')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('draft_steps', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_draft_steps_draft'), ['draft'], unique=False)

    op.create_table('drafts',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drafts'))
    )
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_drafts_state'), ['state'], unique=False)

    op.create_table('editions',
    sa.Column('number', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('bundle', sa.LargeBinary(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_editions'))
    )
    for name in ('kept_walks', 'reports'):
        op.create_table(name,
        sa.Column('id', sa.String(length=40), nullable=False),
        sa.Column('document', sa.Text(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{name}'))
        )
    op.create_table('pulls',
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_pulls'))
    )


def downgrade() -> None:
    for name in ('pulls', 'reports', 'kept_walks', 'editions'):
        op.drop_table(name)
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_drafts_state'))
    op.drop_table('drafts')
    with op.batch_alter_table('draft_steps', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_draft_steps_draft'))
    op.drop_table('draft_steps')
    op.drop_table('draft_items')
    op.drop_table('clips')
