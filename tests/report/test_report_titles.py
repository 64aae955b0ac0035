"""Titles of profiles are free text: shown as written, and never what tells profiles apart."""

from html import unescape

from synaprune.app.result import headline
from synaprune.app.view import View
from synaprune.figures import Material
from synaprune.report import build_report
from synaprune.report.answers import answers


def test_a_title_stands_as_it_was_written(make_run, parsed):
    title = r"Costs $x^{2$, not \1 nor \g<9> (a \ b)"
    run = make_run(profiles=[{"name": "odd", "title": title, "like": "als_standard"}])
    page = build_report(run)
    alternatives = [svg["aria-label"] for svg in parsed(page).named("svg")]
    assert any(title[1:] in words for words in alternatives)
    assert title in unescape(page)


def test_the_headline_is_that_of_the_profile_and_not_of_its_title(make_run):
    profiles = [{"name": name, "title": "Mine", "like": "als_limb"} for name in ("one", "two")]
    material = Material.of_run(make_run(profiles=profiles))
    first, second = answers(material)
    assert first.title == second.title
    assert first.sentences != second.sentences
    shown = unescape(headline(material, View("run", "two").within(material)))
    shown = shown.replace("\N{NO-BREAK SPACE}", " ").replace("\N{WORD JOINER}", "")
    assert all(sentence in shown for sentence in second.sentences)
