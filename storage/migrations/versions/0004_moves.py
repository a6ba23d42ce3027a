"""codes to go on in another app with"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('moves',
    sa.Column('person', sa.String(length=32), nullable=False),
    sa.Column('code', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', sa.Float(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('person', name=op.f('pk_moves')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('moves', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_moves_code'), ['code'], unique=False)
        batch_op.create_index(batch_op.f('ix_moves_expires_at'), ['expires_at'], unique=False)


def downgrade() -> None:
    op.drop_table('moves')
