"""A draft put onto the live edition: the next edition as a whole, once every yes is there."""

from dataclasses import dataclass, field

from handlers.desk import Desk
from handlers.draft_contents import changed, check, live_content, read_draft, same
from handlers.draft_gate import ungiven
from handlers.draft_review import ready
from handlers.draft_values import Draft, NotAllowed, Review
from handlers.edition_content import Content, Files, name_of
from handlers.edition_serving import EditionRefused, served
from handlers.edition_values import WATCHED, Published
from handlers.workshop import in_thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What publishing a draft would make live, and what it was made from.

    `live` is the number of the edition under it, `base` that edition's content.
    """

    draft: Draft
    review: Review
    live: int
    base: Content
    files: Files = field(repr=False)
    name: str

    def published(self, number: int, by: str, at: float) -> Published:
        """The edition under this number, which this account makes live now (Unix seconds)."""
        draft, review = self.draft, self.review
        changes = tuple(
            (one.kind, one.key)
            for one in draft.items
            if not same(self.base.value(one.kind, one.key), one.value)
        )
        return Published(
            number=number,
            title=draft.title,
            draft=draft.id,
            name=self.name,
            authors=tuple(sorted(draft.authors)),
            approved_by=review.approved_by,
            specialist=review.specialist,
            cls=review.cls,
            hotfix=review.hotfix,
            changes=changes,
            live_since=((at, by),),
            watched_until=0.0 if review.hotfix else at + WATCHED,
        )


async def next_edition(desk: Desk, draft_id: str) -> Making:
    """The draft, checked in full and loaded once as it would serve. Raises NotAllowed."""
    live, draft = desk.shelf.live.number, await read_draft(desk, draft_id)
    review = ready(draft)
    if await check(desk, draft_id, quick=False):
        raise NotAllowed("edition.problems")
    if await ungiven(desk, draft_id):
        raise NotAllowed("edition.unsigned")
    made, base = await changed(desk, draft), await live_content(desk)
    files = await in_thread(made.whole)
    name = name_of(files)
    try:
        await in_thread(lambda: served(desk, 0, name, files))
    except EditionRefused:
        raise NotAllowed("edition.unfit") from None
    return Making(draft=draft, review=review, live=live, base=base, files=files, name=name)
