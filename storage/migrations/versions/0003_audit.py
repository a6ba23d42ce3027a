"""audit chain of staff acts, and triggers that refuse to change it"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# An entry is dropped when it is 730 days old (privacy/retention.py); a day of grace for clocks.
GUARDED = 729 * 86_400


def upgrade() -> None:
    op.create_table('audit',
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('by', sa.String(length=40), nullable=False),
    sa.Column('device', sa.String(length=40), nullable=False),
    sa.Column('what', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('object', sa.String(length=64), nullable=False),
    sa.Column('result', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.String(length=40), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit'))
    )
    op.create_table('audit_links',
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('object', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('expires_at', sa.Float(), nullable=True),
    sa.PrimaryKeyConstraint('kind', 'object', name=op.f('pk_audit_links'))
    )
    with op.batch_alter_table('audit_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_links_expires_at'), ['expires_at'], unique=False)

    op.create_table('audit_starts',
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('signed', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_starts'))
    )
    for statement in triggers(op.get_bind().dialect.name):
        op.execute(sa.text(statement))


def triggers(dialect: str) -> tuple[str, ...]:
    """No entry is changed, and none is dropped before its time."""
    if dialect == 'sqlite':
        return (
            "CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit "
            "BEGIN SELECT RAISE(ABORT, 'audit entries are not changed'); END",
            "CREATE TRIGGER audit_kept BEFORE DELETE ON audit "
            f"WHEN OLD.at > CAST(strftime('%s', 'now') AS INTEGER) - {GUARDED} "
            "BEGIN SELECT RAISE(ABORT, 'audit entries are kept'); END",
        )
    return (
        "CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN "
        "IF TG_OP = 'DELETE' THEN "
        f"IF OLD.at <= extract(epoch FROM now()) - {GUARDED} THEN RETURN OLD; END IF; "
        "END IF; "
        "RAISE EXCEPTION 'audit entries are kept as they are'; "
        "END $$",
        "CREATE TRIGGER audit_unchanged BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_refuses()",
        "CREATE TRIGGER audit_kept BEFORE TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()",
    )


def downgrade() -> None:
    op.drop_table('audit_starts')
    with op.batch_alter_table('audit_links', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_links_expires_at'))

    op.drop_table('audit_links')
    op.drop_table('audit')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(sa.text("DROP FUNCTION audit_refuses"))
