"""The texts of the trees as translators get them."""

from flows.extract import tree_texts, unready
from flows.nodes import Ask, Input
from tests.flows.books import changed, real


def test_every_text_and_every_answer_is_there_once() -> None:
    book = real()
    found = [(text.context, text.msgid) for text in tree_texts(book)]

    assert len(found) == len(set(found))
    for node in book.nodes.values():
        assert not node.say or (node.id, node.say) in found
        if isinstance(node, Ask | Input) and node.id != "sh.start":
            assert all((node.id, pick.label) in found for pick in node.pick)


def test_variants_have_a_context_of_their_own() -> None:
    contexts = {text.context for text in tree_texts(real())}

    assert {"country_text.mediation.TH", "platform_text.mute_help.web"} <= contexts


def test_names_of_languages_are_not_translated() -> None:
    said = [text.msgid for text in tree_texts(real()) if text.context == "sh.start"]

    assert said == [real().nodes["sh.start"].say]


def test_a_translator_is_told_the_class_the_note_and_the_icon() -> None:
    notes = {(text.context, text.msgid): text.note for text in tree_texts(real())}

    assert notes["sv.2", real().nodes["sv.2"].say].startswith("class A. Asks only a time band.")
    assert notes["sv.1", "Yes"] == "class A. button ✅"


def test_an_answer_given_twice_with_the_same_words_is_one_text() -> None:
    book = changed("sv.1", more=("🎈 Yes -> sv.2",))

    said = [text for text in tree_texts(book) if (text.context, text.msgid) == ("sv.1", "Yes")]

    assert [text.note for text in said] == ["class A. button ✅"]


def test_a_node_waits_for_its_own_texts_and_for_those_of_its_variants() -> None:
    missing = frozenset({"sv.1", "country_text.mediation.TH"})

    assert unready(real(), missing) == {"sv.1", "lg.med"}


def test_nothing_waits_when_nothing_is_missing() -> None:
    assert unready(real(), frozenset()) == frozenset()
