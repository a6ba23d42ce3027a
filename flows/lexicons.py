"""The words the checks look for in the English of the trees; a coordinator may add to them.

Each is a pattern of whole words, small letters, matched without regard to case.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


BANNED: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "What would help, or: you can": _any_of(
            r"why did(?:n't)? you", r"you should(?:n't)? have", r"you (?:must|have to) report"
        ),
        "a person who was hurt": _any_of(
            r"you are (?:a|the) victim", r"victims? like you", r"abused (?:woman|women|girls?)"
        ),
        "a woman in sex work": _any_of(r"prostitut\w*"),
        "without papers, or: against the law": _any_of(r"illegal(?:ly|s)?"),
        "There is help, or: this is what I know": _any_of(
            r"everything will be (?:fine|ok|okay|all right)",
            r"we will save you",
            r"100\s?% safe",
            r"completely safe",
        ),
        "what happened, help, someone to talk to": _any_of(
            r"alleged\w*", r"incidents?", r"disclosures?", r"referral pathways?", r"psychosocial"
        ),
    }
)
"""Conversation design 1.9: what to write instead -> what is not written, in texts and answers."""

BANNED_IN_TEXTS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {"Breathe with me if you like": _any_of(r"calm down")}
)
"""Not said to her. On a button it may stand: there it is her own wish."""

SENSITIVE = _any_of(
    *("violen\\w*", "abus\\w*", "rap(?:e|ed|ist)", "sex\\w*", "traffick\\w*", "safe\\w*"),
    *("hurt\\w*", "harm\\w*", "help\\w*", "danger\\w*", "emergenc\\w*", "victims?", "surviv\\w*"),
    *("wom[ae]n\\w*", "girls?", "husbands?", "partners?", "polic\\w*", "shelters?", "migrants?"),
    *("pregnan\\w*", "secrets?", "escap\\w*", "hotlines?", "helplines?", "rights", "erase"),
)
"""Not on a screen that may be seen before she said it is safe (conversation design 1.4)."""

CLAIMS = _any_of(
    # health
    *("hiv", "pills?", "medicine", "vaccines?", "infections?", "hours", "days late", "symptoms?"),
    *(
        "(?:can|may) (?:prevent|treat|cure)",
        "signs? of",
        "hospital now if",
        "bleed\\w*",
        "harm\\w*",
    ),
    # law
    *("laws?", "legal(?: stay)?", "crimes?", "courts?", "punish\\w*", "permits?", "visa"),
    *(
        "trafficking",
        "forced labour",
        "(?:has|have) (?:a|the) right",
        "not allowed",
        "against the law",
    ),
    *("must (?:be )?(?:report|tell|reported)", "time limits?", "compensation"),
    # safety: what police, offices and those who hurt her may do
    r"(?:police|officials?|government|embassy|army)\b[^.?!]*\b(?:may|can|must|will|often)",
    r"run by the (?:government|police|army)\b[^.?!]*\b(?:may|can|must|will)",
)
"""A sentence with one of these states a medical, legal or safety fact, and needs a source."""

EXEMPT = _any_of(
    r"^these [\w ]*\b(?:can|may|help|find|talk|work|take|know|care|give|are|listen|have|explain)",
    r"^here (?:is|are)",
    r"^(?:i|we) ",
    r"^the sign shows",
    r"^you can learn",
    r"^for example",
)
"""Beginnings of sentences that introduce results or say what the bot does, not how things are."""

NEEDS_A_HIT = _any_of(
    *("these", "here (?:is|are)", "i found", "below", "the results?", "one of them"),
    *(
        "the next screen",
        "this (?:list|number|place)",
        "the (?:list|numbers?|places?) (?:below|shown?)",
    ),
)
"""Words that point at results; wrong in a text that is also read when nothing was found."""

PHONE = re.compile(
    r"""
    (?<![\w.]) (?: \+\d[\d\s().-]{5,}\d                # an international number
    | \d(?:[\s().-]?\d){5,}                             # six digits or more, however parted
    | \d{3,5} (?!\d) (?!\s?(?:hours?|days?|minutes?|years?|weeks?|%|,\d{3}))  # a short number
    )
    """,
    re.VERBOSE,
)
YEAR = re.compile(r"\b(?:since|in|until|of|before|after|year)\s+(?:19|20)\d\d\b", re.IGNORECASE)
"""The one number of four digits that is no phone number."""
