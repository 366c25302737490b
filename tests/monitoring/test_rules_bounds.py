"""How large may a rule be, and how long may it take? Each bound at its edge and beyond."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profminimum.monitoring.schema import patterns, rules
from profminimum.monitoring.schema.evaluate import LONGEST_MADE, Scope, value
from profminimum.monitoring.schema.model import Context
from profminimum.monitoring.schema.patterns import PatternError, canonical
from profminimum.monitoring.schema.rules import Names, RuleError, broken, compile_rule

NAMES = Names({"a", "t", "many"})
CONTEXT = Context("2023-12-01", {}, {}, {})


def depth(tree: Any) -> int:
    return 1 + max((depth(each) for each in tree[1:] if isinstance(each, list)), default=0)


@pytest.mark.parametrize(
    ("just", "beyond", "why"),
    [
        ("'" + "a" * 1998 + "'", "'" + "a" * 1999 + "'", "longer than 2000"),
        ("(" * 50 + "1" + ")" * 50, "(" * 51 + "1" + ")" * 51, "nested brackets"),
        ("-" * 49 + "1", "-" * 50 + "1", "too deep"),
        ("-" * 49 + "1", "-" * 1999 + "1", "too deep"),
        ("1" + "+1" * 49, "1" + "+1" * 50, "too deep"),
        ("not(" * 49 + "1" + ")" * 49, "not(" * 50 + "1" + ")" * 50, "too deep"),
        ("abs(" * 25 + "1" + "+1" * 24 + ")" * 25, "abs(" * 26 + "1" + "+1" * 24 + ")" * 26, "too deep"),
        ("1" * 40, "1" * 41, "too long"),
        (f"concat({','.join(['1'] * 20)})", f"concat({','.join(['1'] * 21)})", "from 1 to 20"),
        (f"regex(${{t}}, '{'a' * 200}')", f"regex(${{t}}, '{'a' * 201}')", "longer than 200"),
        (f"regex(${{t}}, '{'(' * 5}a{')' * 5}')", f"regex(${{t}}, '{'(' * 6}a{')' * 6}')", "nested brackets"),
        ("regex(${t}, 'a{100}')", "regex(${t}, 'a{101}')", "up to 100"),
    ],
)
def test_a_rule_at_its_bound_is_read_and_beyond_it_refused(just: str, beyond: str, why: str) -> None:
    tree = compile_rule(just, NAMES)
    assert broken(tree) is None
    assert depth(tree) <= rules.DEEPEST
    with pytest.raises(RuleError, match=why):
        compile_rule(beyond, NAMES)


def test_a_rule_has_at_most_five_hundred_parts() -> None:
    row = "concat(" + ",".join(["1"] * 18) + ")"  # 19 parts
    fits = "concat(" + ",".join([row] * 20) + ")"
    tree = compile_rule(f"concat({fits},{','.join(['1'] * 19)})", NAMES)  # 381 + 20
    assert broken(tree) is None
    with pytest.raises(RuleError, match="too complicated"):
        compile_rule(f"concat({fits},{','.join([row] * 7)})", NAMES)


class Counting(dict[str, Any]):
    """Answers that count how often they are looked at."""

    looks = 0

    def get(self, name: str, default: Any = None) -> Any:
        self.looks += 1
        return super().get(name, default)


@given(st.integers(1, 20), st.integers(1, 20), st.sampled_from(["concat", "max", "min"]))
@settings(deadline=None)
def test_each_part_of_a_rule_is_worked_out_at_most_once(wide: int, long: int, name: str) -> None:
    text = f"{name}({','.join([f'{name}(' + ','.join(['${a}'] * wide) + ')'] * long)})"
    answers = Counting(a="7")
    try:
        tree = compile_rule(text, NAMES)
    except RuleError:
        assert len(text) > rules.LONGEST or 1 + long * (wide + 1) > rules.MOST_NODES
        return
    value(tree, Scope(answers, CONTEXT))
    assert answers.looks == wide * long < rules.MOST_NODES


def test_only_the_branch_that_is_taken_is_worked_out() -> None:
    answers = Counting(a=1)
    assert value(compile_rule("if(true(), 1, ${a} + ${a})", NAMES), Scope(answers, CONTEXT)) == 1
    assert value(compile_rule("false() and ${a} = 1", NAMES), Scope(answers, CONTEXT)) is False
    assert answers.looks == 0


def test_a_text_that_rules_put_together_does_not_grow_without_end() -> None:
    tree = compile_rule("concat(" + ",".join(["${t}"] * 20) + ")", NAMES)
    held = "а" * 10_000
    for _round in range(5):
        held = value(tree, Scope({"t": held}, CONTEXT))
    assert len(held) == LONGEST_MADE


HARD = ("a" * 500, "a" * 499 + "!", "1" * 500, "ab" * 250, "a@" + "a." * 249, " " * 500, "aA1-" * 125)


@pytest.mark.parametrize(
    "pattern",
    [
        r"a*a*b",
        r"a*a*a*b",
        r"[^@]+@[^@]+\.[a-z]{2,6}",
        r"a{1,100}a{1,50}a{1,50}b",
        r".*.*x",
        r"(a|b|A|1|-)*!?x",
        r"\s*\s*x",
        r"\w+[a-z]+\d*x",
        r"(a|ab)(a|ab)(a|ab)(a|ab)(a|ab)(a|ab)b",
    ],
)
def test_the_hardest_patterns_that_are_allowed_take_milliseconds(pattern: str) -> None:
    made = re.compile(canonical(pattern), re.ASCII)
    for text in HARD:
        begun = time.perf_counter()
        made.match(text)
        assert time.perf_counter() - begun < 0.5  # 15 ms where it was written


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a|a)*",
        r"(a|ab)+",
        "a?" * 40 + "a" * 40,
        r"(a|a){1,20}",
        r".*.*.*.*x",
        r"(ab|ac)*",
        r"(.|a)+",
        r"a*a*a{0,100}c*c",
    ],
)
def test_patterns_with_too_many_ways_are_refused(pattern: str) -> None:
    with pytest.raises(PatternError, match="too long"):
        canonical(pattern)


PARTS = st.sampled_from(
    [
        "a",
        "б",
        ".",
        "[a-c]",
        "[^a]",
        r"\d",
        r"\w",
        r"\s",
        "(a|b)",
        "(?:ab)",
        "-",
        "[-+]",
        "x?",
        "a*",
        "b+",
        "c{2}",
        "[a&&~~-]",
        r"\.",
    ]
)


@given(st.lists(PARTS, max_size=8).map("".join), st.text("aбc-.1 &~x", max_size=12))
@settings(deadline=None, max_examples=300)
def test_a_pattern_means_what_it_meant_before_it_was_made_safe(pattern: str, text: str) -> None:
    try:
        made = canonical(pattern)
    except PatternError:
        return
    assert canonical(made.removeprefix(patterns.HEAD).removesuffix(patterns.TAIL), 4 * patterns.LONGEST) == made
    plain = re.sub("&&~~", "&~", pattern)  # a set operation to come in Python
    assert (re.match(made, text, re.ASCII) is None) == (re.fullmatch(plain, text, re.ASCII) is None)


@pytest.mark.parametrize(
    "tree",
    [
        "text",
        [],
        ["nothing", 1],
        ["ref"],
        ["ref", 5],
        ["lit", 1, 2],
        ["+", ["lit", 1]],
        ["call"],
        ["call", "eval", ["lit", "1"]],
        ["call", "constructor"],
        ["call", "not", ["lit", 1]],
        ["call", "if", ["lit", 1]],
        ["call", "regex", ["self"], ["lit", "(a+)+"]],
        ["call", "regex", ["self"], ["ref", "t"]],
        ["+", ["lit", 1], 1],
    ],
)
def test_a_tree_that_no_rule_gives_is_broken(tree: Any) -> None:
    assert broken(tree) is not None


def test_a_tree_beyond_the_bounds_is_broken() -> None:
    deep: Any = ["lit", 1]
    for _level in range(rules.DEEPEST):
        deep = ["neg", deep]
    assert broken(deep) is not None
    assert broken(deep[1]) is None
    wide: Any = ["call", "concat", *[["call", "concat", *[["lit", 1]] * 20]] * 20]
    assert broken(wide) is None
    assert broken(["+", wide, ["call", "concat", *[["call", "concat", *[["lit", 1]] * 20]] * 5]]) is not None
