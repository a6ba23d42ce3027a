"""Faults for the checks: for each check books with one fault, where it is and what is said."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from directory.taxonomy import TAGS, TAXONOMY
from flows import lint, safety, structure, ways
from flows.actions import Action
from flows.book import FlowBook, Problem
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
        (lambda: with_tree("sv", entry="ho.1"), "entry", "no node of this tree"),
        (lambda: with_tree("sv", tree="svv"), "tree", "two small letters"),
        (lambda: changed("sv.72b", id="xx.1"), "xx.1", "not of its tree"),
        (lambda: with_screen("menu", "sh.gone"), "screens.menu", "sh.gone"),
        (lambda: with_rules(screens={}), "screens.leave", "is missing"),
        (lambda: with_rules(child_redirect={"sv": "ch.gone"}), "child_redirect.sv", "ch.gone"),
        (lambda: with_rules(adult_redirect={"zz": "tk.1"}), "zz", "no tree"),
        (lambda: without("rx.med"), "med", "rx.med"),
        (lambda: with_rules(child_flags=frozenset({"age_baby"})), "age_baby", "in no group"),
    ),
    structure.words_of_rules: (
        (lambda: changed("sv.q", more=["a -> sv.q !tall"]), "sv.q", "the flag tall"),
        (lambda: changed("sv.q", more=["a -> sv.q ?!tall"]), "sv.q", "the condition tall"),
        (
            lambda: written("sh.home", gate=[{"if": "tall", "next": "sh.menu"}, ELSE]),
            "sh.home",
            "the name tall",
        ),
        (
            lambda: written("sh.home", gate=[{"if": "tears>=1", "next": "sh.menu"}, ELSE]),
            "sh.home",
            "the counter tears",
        ),
        (
            lambda: written("sh.home", gate=[{"if": "age == adult", "next": "sh.menu"}]),
            "sh.home",
            "must be else",
        ),
        (lambda: changed("gh.fear", set=("afraid",)), "gh.fear", "the flag afraid"),
        (lambda: changed("lg.med", country_text="peace"), "lg.med", "no country_text peace"),
        (lambda: changed("ph.del", platform_text="wipe"), "ph.del", "no platform_text wipe"),
        (
            lambda: changed("co.code", outcomes={"works": "co.c1", "fails": "co.bad"}),
            "co.code",
            "stops",
        ),
        (
            lambda: changed("co.num", outcomes={"taken": "co.word", "lost": "co.f"}),
            "co.num",
            "no outcome lost",
        ),
        (lambda: changed("sv.find", action=Action.WITHDRAW), "sv.find", "never done here"),
        (lambda: changed("sv.q", action=Action.FREE_TEXT_CODE), "sv.q", "waits for an answer"),
        (lambda: changed("sv.q", forget=("feared",)), "sv.q", "forget does nothing"),
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
            "no text for web",
        ),
    ),
    queries: (
        (lambda: changed("sv.find", find=search("HEA.MAGIC")), "sv.find", "HEA.MAGIC"),
        (
            lambda: changed("sv.find", find=search("HEA.CMR", need=("shiny",))),
            "sv.find",
            "shiny is no tag",
        ),
        (lambda: changed("sv.find", find=search()), "sv.find", "looks for nothing"),
    ),
    ways.reached: (
        (lambda: written("sv.lost", say="Hello.", end=True), "sv.lost", "nothing leads here"),
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
        (lambda: changed("sv.1", more=["🎈 Yes -> sv.2"]), "sv.1", "two answers read “Yes”"),
        (lambda: changed("sv.1", more=["🎈 Go on -> resume"]), "sv.1", "resume outside"),
    ),
    ways.counters: ((lambda: changed("tf.out", forget=("some",)), "tf.out", "counter strong"),),
    lengths: (
        (lambda: changed("sv.1", say="a " * 86), "sv.1", "172 characters where 170"),
        (
            lambda: changed("sv.1", more=[f"🎈 {'a' * 30} -> sv.2"]),
            "sv.1",
            "32 characters where 31",
        ),
        (lambda: changed("sv.1", more=[f"🎈 {'a' * 64} -> sv.2"]), "sv.1", "the most on telegram"),
        (
            lambda: with_variant(COUNTRY, "mediation", "VN", "a " * 90, ("K",)),
            "mediation.VN",
            "180 characters",
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
        (lambda: changed("sv.1", say="Hello {ttl."), "sv.1", "placeholder"),
        (lambda: changed("sv.1", say=SCHOLARLY), "sv.1", "reads at grade"),
    ),
    lint.neutral: (
        (lambda: changed("sh.idle", say="Hello, are you safe?"), "sh.idle", "says “safe”"),
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
        (lambda: changed("ho.inj", say="These places help."), "ho.inj", "“These”"),
        (lambda: changed("ho.inj", miss="sh.f.hot"), "ho.inj", "its advice is lost"),
    ),
    safety.before_consent: (
        (lambda: changed("co.call", consents=False), "co.num", "before she agreed"),
        (lambda: changed("co.how", more=["🎈 Now -> co.num"]), "co.num", "before she agreed"),
    ),
    safety.sign_off: (
        (lambda: changed("sv.q", sign_off="B"), "sv.q", "class A"),
        (lambda: changed("py.pay", sign_off="B"), "py.pay", "country's text"),
        (lambda: changed("rt.law", sign_off="C"), "rt.law", "sign_off: C"),
    ),
}
