"""What `saphan doctor` says of each messenger: set, reachable, called where, shown how."""

from collections.abc import AsyncIterator, Mapping

from app.door_profiles import profiles
from app.safe_start import Finding
from app.settings import PREFIX, Settings
from bot.door import Door, Look, Messenger
from bot.doors import doors
from handlers.messages import ChannelError
from translations.translator import Translator


async def of_doors(
    settings: Settings, *, introduce: bool = False, known: Mapping[str, Door] | None = None
) -> AsyncIterator[Finding]:
    """One finding a door. `introduce` first gives each its neutral profile in every language.

    `known`: the doors to look at, all where it is not given.
    """
    texts = profiles(Translator.read()) if introduce else {}
    for name, door in (doors() if known is None else known).items():
        block = settings.block(name)
        if not all(need in block for need in door.needs):
            needed = ", ".join(f"{PREFIX}{name}_{need}".upper() for need in door.needs)
            yield Finding(check=name, ok=True, found=f"not set up; it needs {needed}")
            continue
        try:
            messenger = door.open(settings.opening(name))
        except ValueError as why:
            yield Finding(check=name, ok=False, found=f"{PREFIX}{why}")
            continue
        try:
            if texts:
                await messenger.introduce(texts)
            yield _seen(settings, name, messenger, await messenger.look())
        except ChannelError:
            do = "look whether the token is right and the platform can be reached from here"
            yield Finding(check=name, ok=False, found="is out of reach", do=do)
        finally:
            await messenger.close()


def _seen(settings: Settings, name: str, messenger: Messenger, look: Look) -> Finding:
    shows = ", ".join(f"{what} “{said}”" for what, said in _shown(look) if said)
    wanted = settings.hook(name)
    if wanted and look.hook is not None and look.hook != wanted:
        calls = "calls another address than ours" if look.hook else "calls nobody"
        found = f"reachable, shows {shows or 'nothing'}, but {calls}"
        do = "who has its token? (docs/runbook.md) saphan serve registers ours every ten minutes"
        return Finding(check=name, ok=False, found=found, do=do)
    asked = messenger.polled(lambda _: None) is not None
    if not wanted and not asked:
        found = f"reachable, shows {shows or 'nothing'}, but nobody can call us"
        return Finding(check=name, ok=False, found=found, do=f"set {PREFIX}PUBLIC_URL")
    way = f"calls {wanted}, signed" if wanted else "is asked for updates"
    return Finding(check=name, ok=True, found=f"reachable, {way}, shows {shows or 'nothing'}")


def _shown(look: Look) -> tuple[tuple[str, str], ...]:
    return (
        ("name", look.name),
        ("text", look.about),
        ("picture", look.picture),
        ("link", look.link),
    )
