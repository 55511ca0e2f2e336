"""Exercises whose answer is a value, and the student's own function where it is right."""

import numpy as np
import pytest

from sparse_ae import checks
from sparse_ae.checks.questions import Question

CURVE = Question(
    name="which_curve",
    right="b",
    mistakes={"a": "this one has the larger L0.", "c": "this one has not been trained."},
    otherwise="answer with one letter, a to d.",
    praise="few units on, and a low BCE.",
)
SEVERAL = Question(name="which_are_sick", right={"a", "c"}, mistakes={("a", "b"): "b is healthy."})
ORDER = Question(name="in_order", right=("encode", "penalty", "decode"))
NUMBER = Question(name="how_many", right=50_992, mistakes={50_176: "the biases are missing."})
NAME = Question(name="which_optimizer", right="adam")


@pytest.mark.parametrize(
    ("question", "answer", "key"),
    [
        (CURVE, "b", None),
        (CURVE, " 'B'. ", None),
        (CURVE, np.str_("b"), None),
        (CURVE, "a", "a"),
        (CURVE, "e", "otherwise"),
        (CURVE, 2, "otherwise"),
        (CURVE, None, "blank"),
        (CURVE, ..., "blank"),
        (CURVE, "", "blank"),
        (CURVE, "…", "blank"),
        (CURVE, ["b"], "several"),
        (CURVE, max, "a function"),
        (SEVERAL, {"a", "c"}, None),
        (SEVERAL, ["C", "a"], None),
        (SEVERAL, "a, c", None),
        (SEVERAL, "ca", None),
        (SEVERAL, np.array(["a", "c"]), None),
        (SEVERAL, ("b", "a"), "('a', 'b')"),
        (SEVERAL, "a", "otherwise"),
        (SEVERAL, 3, "one only"),
        (ORDER, ["encode", "Penalty", "decode"], None),
        (ORDER, "encode, penalty, decode", None),
        (ORDER, ["penalty", "encode", "decode"], "otherwise"),
        (NUMBER, 50_992.0, None),
        (NUMBER, np.float32(50_990), None),
        (NUMBER, "50992", None),
        (NUMBER, 50_176, "50176"),
        (NUMBER, float("nan"), "otherwise"),
        (NAME, "Adam", None),
        (NAME, "sgd", "otherwise"),
    ],
)
def test_an_answer_that_is_a_value(question, answer, key):
    problem = question.problem(answer)
    assert (problem and problem[0]) == key, problem


class Odd:
    """Equal to all, and fails when it is made a number."""

    __hash__ = None

    def __eq__(self, other):
        return True

    def __float__(self):
        raise KeyError("mine")


class Closed(Odd):
    """Fails when it is looked at."""

    def __getattr__(self, name):
        raise SystemExit(name)


ODD = {
    "a large integer": lambda: 10**400,
    "a larger one": lambda: -(10**5000),
    "an object": Odd,
    "objects": lambda: [Odd(), Odd()],
    "a closed object": Closed,
    "in a list": lambda: [[Closed()]],
}


@pytest.mark.parametrize("made", ODD)
@pytest.mark.parametrize("question", [CURVE, SEVERAL, NUMBER, ORDER], ids=lambda one: one.name)
def test_an_answer_that_cannot_be_compared(question, made, capsys):
    question(ODD[made]())
    printed = capsys.readouterr().out
    assert printed.startswith(f"✗ {question.name}: ") and printed.count("\n") == 1


def test_a_question_is_judged_like_a_function(monkeypatch):
    monkeypatch.setitem(checks.EXERCISES, "which_curve", CURVE)
    assert checks.judge("which_curve", "B") == (True, "✓ which_curve: " + CURVE.praise)
    assert checks.judge("which_curve", "a") == (False, "✗ which_curve: " + CURVE.mistakes["a"])
    assert "still blank: " in checks.judge("which_curve", None)[1]


def test_ones_own_function_where_it_is_right():
    def units_on(codes):
        return (codes > 0).sum(axis=1)

    right, package = units_on, object()
    assert checks.if_right(right, otherwise=package) is right
    checks.judge("units_on", right)
    assert checks.if_right(right, otherwise=package) is right

    def units_on(codes):
        raise NotImplementedError

    assert checks.if_right(units_on, otherwise=package) is package
    assert checks.if_right(None, otherwise=package) is package
    assert checks.if_right(lambda codes: 1, otherwise=package) is package
