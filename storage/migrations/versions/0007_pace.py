"""in which order mail goes, what a platform asked for, and how fast a door may send"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('pace',
    sa.Column('door', sa.String(length=40), nullable=False),
    sa.Column('free_at', sa.Float(), nullable=False),
    sa.Column('shut_until', sa.Float(), nullable=False),
    sa.PrimaryKeyConstraint('door', name=op.f('pk_pace'))
    )
    with op.batch_alter_table('mail', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rank', sa.SmallInteger(), server_default='1', nullable=False))
        batch_op.add_column(sa.Column('held', sa.Float(), server_default='0', nullable=False))
        batch_op.create_index('ix_mail_rank', ['rank', 'id'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_mail_rank', table_name='mail')
    # Not in a batch: SQLite would make the table anew, and count letters from one again.
    for column in ('held', 'rank'):
        op.execute(sa.text(f'ALTER TABLE mail DROP COLUMN {column}'))
    op.drop_table('pace')
