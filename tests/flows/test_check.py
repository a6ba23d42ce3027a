"""Each check names what it is for, in a book with just that fault, and is silent otherwise."""

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest

from directory.taxonomy import TAGS, TAXONOMY
from flows import actions, lint, safety, structure, ways
from flows.book import FlowBook, Problem
from flows.check import problems
from flows.engine import Scene
from flows.reach import AGES, Crawl, age_of, beginnings, crawl
from tests.flows.books import (
    changed,
    real,
    with_rules,
    with_screen,
    with_tree,
    with_variant,
    without,
    written,
)

LABELS = {"telegram": 64, "web": 64}
OPEN = {("lg.polf", "a fact without a source"), ("ci.f", "is also read when nothing was found")}
"""True findings in today's trees, to be settled by an editor; nothing may be added here."""

Check = Callable[[FlowBook], Iterable[Problem]]


def lengths(book: FlowBook) -> Iterator[Problem]:
    return lint.lengths(book, LABELS)


def queries(book: FlowBook) -> Iterator[Problem]:
    return structure.queries(book, TAXONOMY, TAGS)


STATIC: tuple[Check, ...] = (
    structure.names,
    structure.words_of_rules,
    structure.audiences,
    structure.variants,
    queries,
    ways.reached,
    ways.circles,
    ways.answers,
    ways.counters,
    lengths,
    lint.wording,
    lint.neutral,
    lint.claims,
    lint.misses,
    safety.before_consent,
    safety.sign_off,
)
GATE = [{"if": "age == adult", "next": "sh.menu"}]
FAULTS: list[tuple[str, Check, Callable[[], FlowBook], str, str]] = [
    # structure: names
    ("a target that is not there", structure.names, lambda: without("sv.72b"), "sv.72", "sv.72b"),
    ("an entry of another tree", structure.names, lambda: with_tree("sv", entry="ho.1"), "entry", "no node of this tree"),
    ("a tree with a long name", structure.names, lambda: with_tree("sv", tree="svv"), "tree", "two small letters"),
    ("a node of another tree", structure.names, lambda: changed("sv.72b", id="xx.1"), "xx.1", "not of its tree"),
    ("a screen that is not there", structure.names, lambda: with_screen("menu", "sh.gone"), "screens.menu", "sh.gone"),
    ("a screen that is missing", structure.names, lambda: with_rules(screens={}), "screens.leave", "is missing"),
    ("a redirect to nowhere", structure.names, lambda: with_rules(child_redirect={"sv": "ch.gone"}), "child_redirect.sv", "ch.gone"),
    ("a redirect of no tree", structure.names, lambda: with_rules(adult_redirect={"zz": "tk.1"}), "zz", "no tree"),
    ("an interrupt that is not there", structure.names, lambda: without("rx.med"), "med", "rx.med"),
    ("a child flag of no group", structure.names, lambda: with_rules(child_flags=frozenset({"age_baby"})), "age_baby", "in no group"),
    # structure: words
    ("a flag nobody knows", structure.words_of_rules, lambda: changed("sv.q", more=["a -> sv.q !tall"]), "sv.q", "the flag tall"),
    ("a condition nobody knows", structure.words_of_rules, lambda: changed("sv.q", more=["a -> sv.q ?!tall"]), "sv.q", "the condition tall"),
    ("a gate that reads a name nobody knows", structure.words_of_rules, lambda: written("sh.home", gate=[{"if": "tall", "next": "sh.menu"}, {"if": "else", "next": "sh.menu"}]), "sh.home", "the name tall"),
    ("a gate that reads a counter nobody knows", structure.words_of_rules, lambda: written("sh.home", gate=[{"if": "tears>=1", "next": "sh.menu"}, {"if": "else", "next": "sh.menu"}]), "sh.home", "the counter tears"),
    ("a gate without else", structure.words_of_rules, lambda: written("sh.home", gate=GATE), "sh.home", "must be else"),
    ("a flag set on arrival that nobody knows", structure.words_of_rules, lambda: changed("gh.fear", set=("afraid",)), "gh.fear", "the flag afraid"),
    ("a text for countries that is not there", structure.words_of_rules, lambda: changed("lg.med", country_text="peace"), "lg.med", "no country_text peace"),
    ("a text for messengers that is not there", structure.words_of_rules, lambda: changed("ph.del", platform_text="wipe"), "ph.del", "no platform_text wipe"),
    ("an outcome that is forgotten", structure.words_of_rules, lambda: changed("co.code", outcomes={"works": "co.c1", "fails": "co.bad"}), "co.code", "stops"),
    ("an outcome that never comes", structure.words_of_rules, lambda: changed("co.num", outcomes={"taken": "co.word", "lost": "co.f"}), "co.num", "no outcome lost"),
    ("an action on a search", structure.words_of_rules, lambda: changed("sv.find", action=actions.Action.WITHDRAW), "sv.find", "never done here"),
    ("an action that waits without outcomes", structure.words_of_rules, lambda: changed("sv.q", action=actions.Action.FREE_TEXT_CODE), "sv.q", "waits for an answer"),
    ("forgetting where nothing is forgotten", structure.words_of_rules, lambda: changed("sv.q", forget=("feared",)), "sv.q", "forget does nothing"),
    ("a tree for adults that lets children in", structure.audiences, lambda: with_rules(child_redirect={}), "audience", "lets children in"),
    ("a tree for children that lets adults in", structure.audiences, lambda: with_rules(adult_redirect={}), "audience", "lets adults in"),
    # structure: variants and queries
    ("a country that is none of the five", structure.variants, lambda: with_variant("country_text", "mediation", "SG", "You can say no.", ("K",)), "mediation.SG", "SG is none of"),
    ("a messenger that is not known", structure.variants, lambda: with_variant("platform_text", "mute_help", "fax", "Tear it.", ("K",)), "mute_help.fax", "fax is none of"),
    ("a messenger's text without one for web", structure.variants, lambda: with_variant("platform_text", "other_help", "line", "Tap.", ("K",)), "other_help", "no text for web"),
    ("a kind of help the directory has not", queries, lambda: changed("sv.find", find=search("HEA.MAGIC")), "sv.find", "HEA.MAGIC"),
    ("a tag the directory has not", queries, lambda: changed("sv.find", find=search("HEA.CMR", need=("shiny",))), "sv.find", "shiny is no tag"),
    ("a search for nothing", queries, lambda: changed("sv.find", find=search()), "sv.find", "looks for nothing"),
    # ways
    ("a node that nothing leads to", ways.reached, lambda: written("sv.lost", say="Hello.", end=True), "sv.lost", "nothing leads here"),
    ("gates in a circle", ways.circles, lambda: written("sh.home", gate=[{"if": "else", "next": "sh.home"}]), "sh.home", "sh.home → sh.home"),
    ("searches in a circle", ways.circles, lambda: changed("sh.f.hot", miss="sh.f.wide"), "sh.f.hot", "sh.f.hot → sh.f.wide → sh.f.hot"),
    ("a circle for children only", ways.circles, lambda: changed("ch.now", book=changed("ch.f", miss="co.f"), miss="ch.f"), "ch.f", "circle"),
    ("a seventh answer", ways.answers, lambda: changed("sh.menu", more=["🎈 Seven -> sh.menu"]), "sh.menu", "7 answers"),
    ("answers that crowd out the offers", ways.answers, lambda: changed("sh.place.is", more=[f"🎈 {n} -> sh.menu" for n in "abcd"]), "sh.place.is", "5 answers"),
    ("two answers with the same words", ways.answers, lambda: changed("sv.1", more=["🎈 Yes -> sv.2"]), "sv.1", "two answers read “Yes”"),
    ("resume without an interrupt", ways.answers, lambda: changed("sv.1", more=["🎈 Go on -> resume"]), "sv.1", "resume outside"),
    ("a counter that is kept", ways.counters, lambda: changed("tf.out", forget=("some",)), "tf.out", "counter strong"),
    # words
    ("a text that is too long", lengths, lambda: changed("sv.1", say="a " * 86), "sv.1", "172 characters where 170"),
    ("an answer that is too long", lengths, lambda: changed("sv.1", more=[f"🎈 {'a' * 30} -> sv.2"]), "sv.1", "32 characters where 31"),
    ("an answer too long for a messenger", lengths, lambda: changed("sv.1", more=[f"🎈 {'a' * 64} -> sv.2"]), "sv.1", "the most on telegram"),
    ("a variant that is too long", lengths, lambda: with_variant("country_text", "mediation", "VN", "a " * 90, ("K",)), "mediation.VN", "180 characters"),
    ("a word that blames", lint.wording, lambda: changed("sv.1", say="Why did you go there?"), "sv.1", "Why did you"),
    ("a word that labels her", lint.wording, lambda: changed("sv.1", say="You are a victim."), "sv.1", "You are a victim"),
    ("a false promise on a button", lint.wording, lambda: changed("sv.1", more=["🎈 100% safe -> sv.2"]), "sv.1", "100% safe"),
    ("telling her to calm down", lint.wording, lambda: changed("sv.1", say="Please calm down."), "sv.1", "calm down"),
    ("a short phone number", lint.wording, lambda: changed("sv.1", say="Call 1300 now."), "sv.1", "1300"),
    ("a long phone number", lint.wording, lambda: changed("sv.1", say="Call +66 2 123 4567."), "sv.1", "+66 2 123 4567"),
    ("a phone number in Thai digits", lint.wording, lambda: changed("sv.1", say="Call ๑๓๐๐ now."), "sv.1", "phone number"),
    ("a phone number in a variant", lint.wording, lambda: with_variant("country_text", "mediation", "TH", "Call 1157.", ("K",)), "mediation.TH", "1157"),
    ("a placeholder nobody fills", lint.wording, lambda: changed("sv.1", say="Hello {name}."), "sv.1", "{name}"),
    ("a brace alone", lint.wording, lambda: changed("sv.1", say="Hello {ttl."), "sv.1", "placeholder"),
    ("a text for scholars", lint.wording, lambda: changed("sv.1", say="Immediately following victimisation, multidisciplinary practitioners systematically facilitate comprehensive rehabilitation."), "sv.1", "reads at grade"),
    ("a neutral screen that gives her away", lint.neutral, lambda: changed("sh.idle", say="Hello, are you safe?"), "sh.idle", "says “safe”"),
    ("a neutral button that gives her away", lint.neutral, lambda: changed("fu.0", more=["📞 Helpline -> fu.1"]), "fu.0", "Helpline"),
    ("a medical fact without a source", lint.claims, lambda: changed("sv.72b", src=()), "sv.72b", "Pills can prevent"),
    ("a legal fact without a source", lint.claims, lambda: changed("rt.law", src=()), "rt.law", "trafficked"),
    ("a fact on police without a source", lint.claims, lambda: changed("dn.pol.info", src=()), "dn.pol.info", "Police can come"),
    ("a variant's fact without a source", lint.claims, lambda: with_variant("country_text", "mediation", "TH", "The law says so.", ()), "mediation.TH", "The law says so"),
    ("advice that speaks of results", lint.misses, lambda: changed("ho.inj", say="These places help."), "ho.inj", "“These”"),
    ("advice that is lost", lint.misses, lambda: changed("ho.inj", miss="sh.f.hot"), "ho.inj", "its advice is lost"),
    # safety without walking
    ("a number asked for before a yes", safety.before_consent, lambda: changed("co.call", consents=False), "co.num", "before she agreed"),
    ("a number asked for past the yes", safety.before_consent, lambda: changed("co.how", more=["🎈 Now -> co.num"]), "co.num", "before she agreed"),
    ("a light class in a tree of class A", safety.sign_off, lambda: changed("sv.q", sign_off="B"), "sv.q", "class A"),
    ("a light class on a country's text", safety.sign_off, lambda: changed("py.pay", sign_off="B"), "py.pay", "country's text"),
    ("a fact in class C", safety.sign_off, lambda: changed("rt.law", sign_off="C"), "rt.law", "sign_off: C"),
]  # fmt: skip


def search(*sectors: str, need: tuple[str, ...] = ()) -> object:
    found = real().nodes["sv.find"]
    return found.find.model_copy(update={"sector": sectors, "need": need})  # type: ignore[union-attr]


def crawled(book: FlowBook) -> Crawl:
    scene = Scene(book)
    return crawl(scene, beginnings(scene))


@pytest.fixture(scope="module")
def real_crawl() -> Crawl:
    return crawled(real())


def is_open(problem: Problem) -> bool:
    return any(problem.node == node and what in problem.what for node, what in OPEN)


def test_the_real_trees_have_no_problem() -> None:
    found = problems(real(), TAXONOMY, TAGS, LABELS)

    assert [problem for problem in found if not is_open(problem)] == []


@pytest.mark.parametrize(
    ("check", "book", "node", "what"),
    [fault[1:] for fault in FAULTS],
    ids=[fault[0].replace(" ", "-") for fault in FAULTS],
)
def test_a_fault_is_named_with_its_place_and_what_to_do(
    check: Check, book: Callable[[], FlowBook], node: str, what: str
) -> None:
    found = [problem for problem in check(book()) if problem.node == node]

    assert any(what in problem.what for problem in found), found
    assert all(problem.fix.endswith((".", "…")) for problem in found)
    assert all(problem.file.endswith(".yaml") for problem in found)


@pytest.mark.parametrize("check", STATIC, ids=lambda check: check.__name__)
def test_every_check_has_a_fault_that_shows_it_works(check: Check) -> None:
    assert check in [fault[1] for fault in FAULTS]


def test_faults_of_all_kinds_are_named_at_once() -> None:
    book = changed("sv.1", say="Call 1300. Why did you go?")
    book = changed("sv.72b", book=book, src=())
    book = changed("sh.idle", book=book, say="Are you safe?")
    book = changed("sv.find", book=book, find=search("HEA.MAGIC"))
    book = changed("sv.q", book=book, more=("🎈 Lost -> sv.gone",))

    named = {problem.node for problem in problems(book, TAXONOMY, TAGS, LABELS)}

    assert {"sv.1", "sv.72b", "sh.idle", "sv.find", "sv.q"} <= named


def test_a_book_that_cannot_be_walked_is_still_read_for_everything_else() -> None:
    broken = with_rules(screens={})

    files = {problem.file for problem in problems(broken, TAXONOMY, TAGS)}

    assert "rules.yaml" in files


# --- the checks that walk -----------------------------------------------------------------------


def test_help_out_of_reach_is_named() -> None:
    book = written("sh.menu", say="Wait.", pick=["🎈 Again -> sh.menu"])
    book = replace(
        book, rules=replace(book.rules, screens={**book.rules.screens, "help": "sh.menu"})
    )

    found = [*safety.far_from_help(book, crawled(book))]

    assert {"sh.menu"} <= {problem.node for problem in found}
    assert any("out of reach" in problem.what for problem in found)


def test_help_too_many_taps_away_is_named() -> None:
    book = real()
    for n in range(1, 9):
        book = written(f"sh.w{n}", book=book, say="Wait.", pick=[f"🎈 On -> sh.w{n + 1}"])
    book = written("sh.w9", book=book, say="Now.", pick=["🎈 Find -> sh.f.all"])
    screens = {**book.rules.screens, "menu": "sh.w1"}
    book = replace(book, rules=replace(book.rules, screens=screens))

    found = {(p.node, p.what) for p in safety.far_from_help(book, crawled(book))}

    assert ("sh.w3", "a person, a hotline or a search is 8 taps away (age: child)") in found
    assert not any(node == "sh.w5" for node, _ in found)


def test_a_screen_that_cannot_be_left_is_named() -> None:
    book = with_screen("leave", "sh.close")

    found = {problem.node for problem in safety.cannot_leave(book, crawled(book))}

    assert {"sh.menu", "sv.1", "dn.1", "ch.1"} <= found


def test_a_clinic_too_many_taps_away_is_named() -> None:
    book = written("sv.72", say="Please go to a clinic.", next="sv.72b", src=["S10"])

    found = {problem.node for problem in safety.far_from_clinic(book, crawled(book))}

    assert found == {"sv.72"}


def test_a_health_clock_that_is_missing_is_named(real_crawl: Crawl) -> None:
    book = replace(real(), trees={})

    [problem] = safety.far_from_clinic(book, real_crawl)

    assert problem.what == "the health clock is missing"


def test_danger_too_many_taps_away_is_named() -> None:
    picks = tuple(p for p in real().nodes["sh.safe"].pick if p.target != "dn.1")  # type: ignore[union-attr]
    book = changed("sh.safe", pick=picks)

    found = [problem.what for problem in safety.far_from_danger(book, crawled(book))]

    assert found == [
        "the tree dn is over 2 taps away",
        "a number to call in danger is over 4 taps away",
    ]


# --- what the crawl is worth --------------------------------------------------------------------


def test_the_crawl_reaches_every_node_that_can_be_shown(real_crawl: Crawl) -> None:
    scene = Scene(real(), real().rules.facts)
    seen = {walk.node for walk in (*real_crawl, *crawl(scene, beginnings(scene)))}
    gates = {node.id for node in real().nodes.values() if type(node).__name__ == "Gate"}

    assert real().nodes.keys() - seen - gates == {real().rules.screens["not_ready"]}


def test_the_crawl_walks_as_every_age(real_crawl: Crawl) -> None:
    assert {age_of(real(), walk) for walk in real_crawl} == set(AGES)


def test_no_child_is_ever_in_a_tree_for_adults_nor_an_adult_in_the_childrens(
    real_crawl: Crawl,
) -> None:
    book = real()
    exempt = set(book.rules.child_redirect.values())
    trees = {
        (age_of(book, walk), book.tree_of(walk.node).audience)
        for walk in real_crawl
        if walk.node not in exempt and not book.nodes[walk.node].system
    }

    assert ("child", "adult") not in trees
    assert ("adult", "child") not in trees


def test_the_outcomes_are_those_of_the_docstrings() -> None:
    tree = ast.parse(inspect.getsource(actions))
    body = next(node for node in tree.body if isinstance(node, ast.ClassDef)).body
    documented = {}
    for name, text in zip(body[1::2], body[2::2], strict=True):
        assert isinstance(name, ast.Assign)
        assert isinstance(text, ast.Expr)
        documented[ast.literal_eval(name.value)] = ast.literal_eval(text.value)

    for action, outcomes in structure.OUTCOMES.items():
        assert all(f"`{outcome}`" in documented[action] for outcome in outcomes)
        assert documented[action].count("`") == 2 * len(outcomes)
    assert structure.OUTCOMES.keys() == actions.INPUTS
