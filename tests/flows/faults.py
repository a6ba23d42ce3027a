"""Faults for the checks: for each check books with one fault, where it is and what is said."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from directory.taxonomy import TAGS, TAXONOMY
from flows import lint, safety, structure, ways
from flows.actions import Action
from flows.book import FlowBook
from flows.faults import Problem
from tests.flows.books import (
    changed,
    search,
    with_rules,
    with_screen,
    with_tree,
    with_variant,
    without,
    written,
)

Check = Callable[[FlowBook], Iterable[Problem]]
LABELS = {"telegram": 64, "web": 64}
ELSE = {"if": "else", "next": "sh.menu"}
COUNTRY, PLATFORM = "country_text", "platform_text"
SCHOLARLY = (
    "Immediately following victimisation multidisciplinary practitioners systematically "
    "facilitate comprehensive rehabilitation opportunities everywhere."
)


def lengths(book: FlowBook) -> Iterator[Problem]:
    return lint.lengths(book, LABELS)


def queries(book: FlowBook) -> Iterator[Problem]:
    return structure.queries(book, TAXONOMY, TAGS)


FAULTS: Mapping[Check, tuple[tuple[Callable[[], FlowBook], str, str], ...]] = {
    structure.names: (
        (lambda: without("sv.72b"), "sv.72", "sv.72b"),
        (lambda: with_tree("sv", entry="ho.1"), "entry", "is not in this tree"),
        (lambda: with_tree("sv", tree="svv"), "tree", "two small letters"),
        (lambda: changed("sv.72b", id="xx.1"), "xx.1", 'must begin with "sv."'),
        (lambda: with_screen("menu", "sh.gone"), "screens.menu", "sh.gone"),
        (lambda: with_rules(screens={}), "screens.leave", "is missing"),
        (lambda: with_rules(child_redirect={"sv": "ch.gone"}), "child_redirect.sv", "ch.gone"),
        (lambda: with_rules(adult_redirect={"zz": "tk.1"}), "zz", "no tree"),
        (lambda: without("rx.med"), "med", "rx.med"),
        (lambda: with_rules(child_flags=frozenset({"age_baby"})), "age_baby", "in no group"),
    ),
    structure.words_of_rules: (
        (lambda: changed("sv.q", more=["a -> sv.q !tall"]), "sv.q", '"tall" is not a name'),
        (lambda: changed("sv.q", more=["a -> sv.q ?!tall"]), "sv.q", '"tall" is not a name'),
        (
            lambda: written("sh.home", gate=[{"if": "tall", "next": "sh.menu"}, ELSE]),
            "sh.home",
            '"tall" is not a name',
        ),
        (
            lambda: written("sh.home", gate=[{"if": "tears>=1", "next": "sh.menu"}, ELSE]),
            "sh.home",
            '"tears" is not a name',
        ),
        (
            lambda: written("sh.home", gate=[{"if": "age == adult", "next": "sh.menu"}]),
            "sh.home",
            "must be: else",
        ),
        (lambda: changed("gh.fear", set=("afraid",)), "gh.fear", '"afraid" is not a name'),
        (
            lambda: changed("lg.med", country_text="peace"),
            "lg.med",
            "no such text yet. Save, then write it below. (“peace”)",
        ),
        (
            lambda: changed("ph.del", platform_text="wipe"),
            "ph.del",
            "no such text yet. Save, then write it below. (“wipe”)",
        ),
        (
            lambda: changed("co.code", outcomes={"works": "co.c1", "fails": "co.bad"}),
            "co.code",
            "stops",
        ),
        (
            lambda: changed("co.num", outcomes={"taken": "co.word", "lost": "co.f"}),
            "co.num",
            '"lost" never happens here',
        ),
        (lambda: changed("sv.find", action=Action.WITHDRAW), "sv.find", "cannot do that"),
        (lambda: changed("sv.q", action=Action.FREE_TEXT_CODE), "sv.q", "waits for an answer"),
        (lambda: changed("sv.q", forget=("feared",)), "sv.q", "Only a screen of rules can forget"),
    ),
    structure.audiences: (
        (lambda: with_rules(child_redirect={}), "audience", "lets children in"),
        (lambda: with_rules(adult_redirect={}), "audience", "lets adults in"),
    ),
    structure.variants: (
        (
            lambda: with_variant(COUNTRY, "mediation", "SG", "You can say no.", ("K",)),
            "mediation.SG",
            "SG is none of",
        ),
        (
            lambda: with_variant(PLATFORM, "mute_help", "fax", "Tear it.", ("K",)),
            "mute_help.fax",
            "fax is none of",
        ),
        (
            lambda: with_variant(PLATFORM, "other_help", "line", "Tap.", ("K",)),
            "other_help",
            "words for the web are missing",
        ),
    ),
    queries: (
        (lambda: changed("sv.find", find=search("HEA.MAGIC")), "sv.find", "HEA.MAGIC"),
        (
            lambda: changed("sv.find", find=search("HEA.CMR", need=("shiny",))),
            "sv.find",
            '"shiny" is no mark',
        ),
        (lambda: changed("sv.find", find=search()), "sv.find", "which kind of help to look for"),
    ),
    ways.reached: (
        (lambda: written("sv.lost", say="Hello.", end=True), "sv.lost", "Nothing leads here"),
    ),
    ways.circles: (
        (
            lambda: written("sh.home", gate=[{"if": "else", "next": "sh.home"}]),
            "sh.home",
            "sh.home → sh.home",
        ),
        (
            lambda: changed("sh.f.hot", miss="sh.f.wide"),
            "sh.f.hot",
            "sh.f.hot → sh.f.wide → sh.f.hot",
        ),
        (lambda: changed("ch.place", miss="sp.f2"), "ch.place", "circle"),
    ),
    ways.answers: (
        (lambda: changed("sh.menu", more=["🎈 Seven -> sh.menu"]), "sh.menu", "7 answers"),
        (
            lambda: changed("sh.place.is", more=[f"🎈 {n} -> sh.menu" for n in "abcd"]),
            "sh.place.is",
            "5 answers",
        ),
        (lambda: changed("sv.1", more=["🎈 Yes -> sv.2"]), "sv.1", 'Two answers read "Yes"'),
        (
            lambda: changed("sv.1", more=["🎈 Go on -> resume"]),
            "sv.1",
            "works in the tree rx only",
        ),
    ),
    ways.counters: (
        (lambda: changed("tf.out", forget=("some",)), "tf.out", '"strong" is counted'),
    ),
    lengths: (
        (lambda: changed("sv.1", say="a " * 86), "sv.1", "172 letters, 170 are allowed"),
        (
            lambda: changed("sv.1", more=[f"🎈 {'a' * 30} -> sv.2"]),
            "sv.1",
            "32 letters, 31 are allowed",
        ),
        (lambda: changed("sv.1", more=[f"🎈 {'a' * 64} -> sv.2"]), "sv.1", "“telegram”"),
        (
            lambda: with_variant(COUNTRY, "mediation", "VN", "a " * 90, ("K",)),
            "mediation.VN",
            "180 letters",
        ),
    ),
    lint.wording: (
        (lambda: changed("sv.1", say="Why did you go there?"), "sv.1", "Why did you"),
        (lambda: changed("sv.1", say="You are a victim."), "sv.1", "You are a victim"),
        (lambda: changed("sv.1", more=["🎈 100% safe -> sv.2"]), "sv.1", "100% safe"),
        (lambda: changed("sv.1", say="Please calm down."), "sv.1", "calm down"),
        (lambda: changed("sv.1", say="Call 1300 now."), "sv.1", "1300"),
        (lambda: changed("sv.1", say="Call +66 2 123 4567."), "sv.1", "+66 2 123 4567"),
        (lambda: changed("sv.1", say="Call ๑๓๐๐ now."), "sv.1", "phone number"),
        (
            lambda: with_variant(COUNTRY, "mediation", "TH", "Call 1157.", ("K",)),
            "mediation.TH",
            "1157",
        ),
        (lambda: changed("sv.1", say="Hello {name}."), "sv.1", "{name}"),
        (lambda: changed("sv.1", say="Hello {ttl."), "sv.1", "can fill in"),
        (lambda: changed("sv.1", say=SCHOLARLY), "sv.1", "Hard to read: level"),
    ),
    lint.neutral: (
        (
            lambda: changed("sh.idle", say="Hello, are you safe?"),
            "sh.idle",
            '"safe" tells what it is about',
        ),
        (lambda: changed("fu.0", more=["📞 Helpline -> fu.1"]), "fu.0", "Helpline"),
    ),
    lint.claims: (
        (lambda: changed("sv.72b", src=()), "sv.72b", "Pills can prevent"),
        (lambda: changed("rt.law", src=()), "rt.law", "trafficked"),
        (lambda: changed("dn.pol.info", src=()), "dn.pol.info", "Police can come"),
        (
            lambda: with_variant(COUNTRY, "mediation", "TH", "The law says so.", ()),
            "mediation.TH",
            "The law says so",
        ),
    ),
    lint.misses: (
        (lambda: changed("ho.inj", say="These places help."), "ho.inj", 'cannot say "These"'),
        (lambda: changed("ho.inj", miss="sh.f.hot"), "ho.inj", "The advice would be lost"),
    ),
    safety.before_consent: (
        (lambda: changed("co.call", consents=False), "co.num", "before she has said yes"),
        (
            lambda: changed("co.how", more=["🎈 Now -> co.num"]),
            "co.num",
            "before she has said yes",
        ),
    ),
    safety.sign_off: (
        (lambda: changed("sv.q", sign_off="B"), "sv.q", "class A"),
        (lambda: changed("py.pay", sign_off="B"), "py.pay", "must have class A"),
        (lambda: changed("rt.law", sign_off="C"), "rt.law", "class C is too light"),
    ),
}
