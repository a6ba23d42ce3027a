"""How many conversations are kept, counted in the database itself."""

from sqlalchemy import text

from handlers.desk import Desk


async def conversations(desk: Desk) -> int:
    async with desk.store.turn() as turn:
        return int((await turn.execute(text("select count(*) from conversations"))).scalar_one())
