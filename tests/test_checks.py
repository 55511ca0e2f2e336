"""The checks: right answers pass, wrong ones are refused, and the usual mistakes are named.

Asked is which finding it is, by its key, and never how it is worded: `sentences.txt` shows all
sentences for a person to read. `python tests/test_checks.py` writes that file anew.
"""

import functools
import itertools
import json
import math
import time
from pathlib import Path

import nbclient
import nbformat
import numpy as np
import pytest
from answers import RIGHT, WRONG
from jupyter_client.manager import AsyncKernelManager

from sparse_ae import checks
from sparse_ae.checks import judging, naming, rules, sandbox, slips
from sparse_ae.checks.calling import Called
from sparse_ae.checks.comparing import same
from sparse_ae.checks.inputs import bce
from sparse_ae.checks.questions import Question
from sparse_ae.support.keras_start import keras

ROOT = Path(__file__).parent.parent
SENTENCES = Path(__file__).parent / "sentences.txt"
UNSEEN = [
    json.loads(line)
    for line in (Path(__file__).parent / "unseen_answers.jsonl").read_text("utf-8").splitlines()
]
FUNCTIONS = [name for name, one in checks.EXERCISES.items() if not isinstance(one, Question)]
ops = keras.ops


@functools.cache
def solutions():
    """{name: the function of the notebook's solution cell}."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        names = {"np": np, "keras": keras}
        exec("from sparse_ae import *", names)
        for cell in nbformat.read(path, as_version=4).cells:
            about = cell.metadata.get("nbgrader", {})
            if about.get("solution") and cell.source.startswith(f"def {about.grade_id}("):
                exec(cell.source, names)
                found[about.grade_id] = names[about.grade_id]
    return found


def find(name, answer):
    """What is found wrong with an answer, or None; its line is one line, and not too long."""
    finding = judging.find(checks.EXERCISES[name], answer)
    if finding is not None:
        one_line(judging.line_of(False, name, finding.words), name, False)
    return finding


def one_line(line, name, passed):
    assert line.startswith(f"{'✓' if passed else '✗'} {name}: "), line
    assert "\n" not in line and "Traceback" not in line, line
    assert len(line) < 400, line


def expression(name, text):
    """A function of the task's arguments."""
    arguments = ", ".join(checks.EXERCISES[name].arguments)
    names = {"np": np, "math": math, "ops": ops, "keras": keras, "bce": bce}
    return eval(f"lambda {arguments}: {text}", names)


@pytest.mark.parametrize("name", sorted({*FUNCTIONS, *solutions()}))
def test_every_exercise_is_complete(name):
    assert name in solutions(), f"{name}: there is no solution cell of this name in a notebook"
    assert name in checks.NAMES, f"{name}: there is no exercise in sparse_ae/checks/exercises"
    assert len(RIGHT.get(name, ())) >= 2, f"{name}: two other right ways are wanted in RIGHT"
    exercise = checks.EXERCISES[name]
    assert len(exercise.inputs) >= 2, f"{name}: two inputs or more are wanted"
    sentences = {words for _, _, words in slips.read_table(exercise.mistakes or "x  # x")}
    assert len(sentences) <= 8, f"{name}: eight sentences of its own are enough"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_right_ways_pass(name):
    for number, answer in enumerate([solutions()[name], *RIGHT[name]]):
        passed, line = checks.judge(name, answer)
        assert passed, f"right way {number} of {name} is refused: {line}"
        one_line(line, name, True)


@pytest.fixture(autouse=True)
def all_the_time_it_takes(monkeypatch):
    """Which finding it is may not hang on how fast this machine is at the moment."""
    monkeypatch.setattr(naming, "SECONDS_FOR_SLIPS", 60)


@pytest.mark.parametrize(("name", "wrong", "key"), [
    (name, way, key) for name, ways, key in slips.read_table(WRONG) for way in ways
])  # fmt: skip
def test_a_wrong_answer_is_refused_and_named(name, wrong, key):
    finding = find(name, expression(name, wrong))
    assert finding is not None and finding.key == key, finding


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_mistake_of_its_own_is_told(name):
    """On the inputs none of them is right, and the one that is found has the same sentence."""
    exercise = checks.EXERCISES[name]
    made = slips.slips_of(exercise)
    told = set()
    for slip in made.own:
        calls = []
        for number, given in enumerate(exercise.inputs):
            value = slip.value(number)
            failed = ValueError() if value is slips.FAILED else None
            calls.append(Called(given, failed or exercise.settle(value, *given), failed))
        right = list(judging.right_calls(exercise, calls, exercise.wanted))
        assert not all(right), f"{name}: on these inputs this is right: {slip.key}"
        first = next((other for other in made.own if other.explains(calls, right)), None)
        if first is not None and first.words == slip.words:
            told.add(slip.words)
    assert told == {slip.words for slip in made.own}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_first_input_has_the_value_computed_by_hand(name):
    exercise = checks.EXERCISES[name]
    by_hand = exercise.read(exercise.by_hand)
    assert same(exercise.wanted[0], by_hand), f"{name}: {by_hand} is not {exercise.wanted[0]}"


def held_out(name, right):
    """Answers that other people wrote, without a look at the checks."""
    names = {"np": np, "keras": keras}
    exec("from sparse_ae import *", names)
    for entry in UNSEEN:
        if (entry["name"], entry["right"]) == (name, right):
            exec(entry["source"], own := dict(names))
            yield entry["intent"], own[name]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_unseen_right_answers_pass(name):
    for intent, answer in held_out(name, True):
        assert find(name, answer) is None, intent


@pytest.mark.slow
def test_unseen_wrong_answers_are_refused_and_named():
    """At least nine in ten are told by more than "compute a small example by hand"."""
    found = [
        (name, intent, find(name, answer))
        for name in FUNCTIONS
        for intent, answer in held_out(name, False)
    ]
    passed = [(name, intent) for name, intent, finding in found if finding is None]
    unnamed = [(name, intent) for name, intent, f in found if f is not None and f.kind == "vague"]
    # np.interp, which ends at 0 and at 1, is what the notebook itself uses.
    assert passed == [
        ("share_of_the_way", "np.interp stops at 0 for models worse than the mean image")
    ]
    assert len(unnamed) <= 0.1 * len(found), unnamed


# --------------------------------------------------------------------- whole kinds of mistakes


@pytest.mark.slow
@pytest.mark.parametrize("name", FUNCTIONS)
def test_another_order_of_the_arguments(name):
    solution, asked = solutions()[name], checks.EXERCISES[name].arguments
    for order in list(itertools.permutations(asked))[1:]:
        text = f"lambda {', '.join(order)}: solution({', '.join(asked)})"
        named = eval(text, {"solution": solution})
        finding = find(name, named)
        assert finding is None or finding.key == "order", text  # None: they may be exchanged
        places = [order.index(argument) for argument in asked]
        finding = find(name, lambda *given, p=places: solution(*[given[i] for i in p]))
        # Floor and ceiling exchanged without their names: 0 and 1 exchanged, the likelier slip.
        kinds = ("own", "order") if name == "share_of_the_way" else ("order",)
        assert finding is None or finding.kind in kinds, text


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_in_the_place_of_its_value(name):
    solution = solutions()[name]
    arguments = ", ".join(checks.EXERCISES[name].arguments)
    answer = eval(f"lambda {arguments}: (lambda: solution({arguments}))", {"solution": solution})
    assert find(name, answer).kind == "call"


def not_kept(codes):
    codes.astype("float32")
    return (codes != 0).sum(axis=1)


def compared(codes):
    on = 0
    on == (codes > 0).sum(axis=1)  # noqa: B015
    return on


def sorted_in_place(codes):
    on = list((codes > 0).sum(axis=1))
    return on.reverse()


def clipped(codes):
    np.clip(codes, 0, 1)
    return (codes != 0).sum(axis=1)


def view(codes, unit):
    without = codes[:]
    without[:, unit] = 0
    return without


def copied_list(weights, factor):
    new = weights.copy()
    for array in new[:2]:
        array /= factor
    new[2] *= factor
    return new


def same_list(weights, factor):
    weights[0] /= factor
    return weights


@pytest.mark.parametrize(
    ("name", "answer", "key"),
    [
        ("units_on", not_kept, "not kept"),
        ("units_on", clipped, "not kept"),
        ("units_on", compared, "compared"),
        ("units_on", sorted_in_place, "None kept"),
        ("switch_off", view, "changed, view"),
        ("rescale", copied_list, "changed, list copied"),
        ("rescale", same_list, "changed"),
        ("encode_by_hand", lambda images, W, b: np.maximum(0, images * W + b), "* for @"),
        ("encode_by_hand", lambda images, W, b: max(0, images @ W + b), "ValueError truth value"),
        ("not_beaten", lambda rows: dict.fromkeys(rows), "another kind"),
        ("dead_units", lambda codes: np.where(codes <= 0)[1], "another kind"),
        ("dead_units", lambda codes: np.repeat(np.flatnonzero(~(codes > 0).any(axis=0)), 2),
         "another kind"),
        ("encode_by_hand", lambda images, W, b: (z := images @ W + b)[z > 0], "flat"),
        ("decode", lambda codes, V, c: solutions()["decode"](codes[codes.any(axis=1)], V, c),
         "dropped"),
        ("code_penalty", lambda codes: 1e-4 * ops.sum(ops.abs(codes)) / len(codes), "for Keras"),
        ("code_penalty", lambda codes: 1e-4 * ops.sum(ops.sqrt(codes**2)), "another kind"),
        ("code_penalty", lambda codes: 1e-4 * np.abs(codes).sum(), "for Keras"),
    ],
)  # fmt: skip
def test_mistakes_that_any_exercise_can_have(name, answer, key):
    finding = find(name, answer)
    assert finding is not None and (key is None or finding.key == key), finding


def test_keras_is_told_its_own_names():
    code_penalty = expression("code_penalty", "1e-4 * ops.sum(max(codes, -codes))")
    assert "`np." not in find("code_penalty", code_penalty).words


def test_what_gives_an_answer_away_is_not_said():
    """Not which array is multiplied, nor that all is to be summed, nor what is to be subtracted."""
    for name, words in {
        "rescale": ("multiply by", "`c`", "divide by"),
        "code_penalty": ("sum over everything", "add up everything"),
        "penalty_curve": ("cross-entropy off", "subtract `"),
    }.items():
        for slip in slips.slips_of(checks.EXERCISES[name]).own:
            assert not any(word in slip.words for word in words), slip.words


# ------------------------------------------------------------------ what can go wrong anywhere


def raising(problem):
    def answer(*arguments):
        raise problem

    return answer


def blank(codes):
    """A docstring alone."""


def printing(codes):
    print("noise")
    np.random.seed(0)  # noqa: NPY002
    np.seterr(all="raise")
    np.log(np.zeros(1))
    return (codes > 0).sum(axis=1)


def endless(codes):
    while True:
        pass


OF_THE_NOTEBOOK = np.array([1, 2])
ON = "(codes > 0).sum(axis=1)"


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (raising(NotImplementedError()), "blank"),
        (blank, "blank"),
        (lambda codes: None, "blank"),
        (lambda codes: ..., "blank"),
        (None, "undefined"),
        (lambda codes: print(codes), "None"),
        (np.array([1, 2]), "no function"),
        (3, "no function"),
        (lambda: 3, "arguments"),
        (lambda codes, axis: 3, "arguments"),
        (int, "TypeError 0-dimensional"),
        (raising(ValueError("two\nlines")), "ValueError"),
        (raising(SystemExit(3)), "SystemExit"),
        (raising(GeneratorExit()), "GeneratorExit"),
        (raising(AssertionError()), "AssertionError"),
        (lambda codes: codes_of_nothing, "NameError"),  # noqa: F821
        (lambda codes: "7", "another kind"),
        (lambda codes: {1: 2}, "another kind"),
        (lambda codes: (a for a in codes), "another kind"),
        (lambda codes: [[1], [1, 2]], "another kind"),
        (expression("units_on", f"{ON} + np.nan"), "not finite"),
        (expression("units_on", f"{ON} + 1j"), "another kind"),
        (expression("units_on", f"codes.fill(1) is {ON} or {ON}"), "None kept"),
        (expression("units_on", f"codes.__imul__(2) is codes and {ON}"), "changed"),
        (expression("units_on", f"{ON}[::-1]"), "x[::-1]"),
        (lambda codes: 3, "constant"),
        (expression("units_on", f"-{ON}"), "-x"),
        (expression("units_on", f"{ON} if len(codes) == 1 else codes[:, 0]"),
         "right for one alone"),
        (expression("units_on", f"{ON} if len(codes) == 7 else codes[:, 0]"),
         "right for one number"),
        (expression("units_on", f"{ON} if codes.shape[1] == 32 else codes[:, 0]"),
         "right for one number"),
        (expression("units_on", f"{ON} if codes.shape == (3, 5) else codes[:, 0]"),
         "right on the simplest"),
        (lambda codes: codes[OF_THE_NOTEBOOK], "notebook variable"),
        (lambda codes: (codes > 0).sum(axis=1) + 7 * len(OF_THE_NOTEBOOK), "notebook variable"),
        (expression("units_on", f"{ON}[1:]"), "np.sum(x, axis=k) -> np.sum(x[1:], axis=k)"),
        (expression("units_on", "[None, *(codes[1:] > 0).sum(axis=1)]"), "another kind"),
        (expression("units_on", f"[str(n) for n in {ON}]"), "another kind"),
    ],
)  # fmt: skip
def test_what_can_go_wrong_anywhere(answer, key):
    finding = find("units_on", answer)
    assert finding is not None and finding.key == key, finding


def test_the_line_of_the_error_is_told():
    names = {}
    exec(compile("def units_on(codes):\n    a = 1\n    return b\n", "<cell>", "exec"), names)
    assert "line 3 of your cell" in find("units_on", names["units_on"]).words


def test_keyboard_interrupt_passes_through():
    with pytest.raises(KeyboardInterrupt):
        checks.judge("units_on", raising(KeyboardInterrupt()))


@pytest.mark.parametrize("name", ["units_on", "code_penalty"])
def test_an_endless_loop_ends(name, monkeypatch):
    monkeypatch.setattr(sandbox, "SECONDS_OF_WORK", 1)
    assert find(name, endless).key == "too slow"


def test_waiting_is_not_working(monkeypatch):
    """The limit counts the seconds of work; for one that only waits there is a longer one."""
    monkeypatch.setattr(sandbox, "SECONDS_OF_WORK", 0.2)

    def slowly(codes):
        time.sleep(0.05)
        return (codes > 0).sum(axis=1)

    assert find("units_on", slowly) is None
    monkeypatch.setattr(sandbox, "SECONDS_IN_ALL", 0.2)
    assert find("units_on", slowly).key == "too slow"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_search_for_a_slip_ends_when_its_time_is_up(name, monkeypatch):
    """Right for the first input, and nothing that a rule makes for the others."""
    solution, exercise = solutions()[name], checks.EXERCISES[name]
    find(name, solution)  # Keras is started once
    first = [exercise.inputs[0][0]]

    def wrong(*given):
        value = solution(*given)
        return value if same(np.asarray(given[0]), np.asarray(first[0])) else [value, value]

    monkeypatch.setattr(naming, "SECONDS_FOR_SLIPS", 0)  # the search for slips ends at once
    assert find(name, wrong).kind not in ("two", "slip")


def test_nothing_is_printed_and_nothing_left_behind(capsys):
    import matplotlib.pyplot as plt

    np.random.seed(5)  # noqa: NPY002
    before, errors = np.random.get_state()[1].copy(), np.geterr()  # noqa: NPY002

    def plotting(codes):
        plt.figure()
        return printing(codes)

    checks.judge("units_on", plotting)
    assert capsys.readouterr() == ("", "")
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    assert np.geterr() == errors
    assert plt.get_fignums() == []


def test_outside_a_notebook_both_lines_are_printed(capsys):
    assert checks.units_on(lambda codes: (codes > 0).sum(axis=1)) is None
    assert checks.units_on(None) is None
    good, bad = capsys.readouterr().out.splitlines()
    one_line(good, "units_on", True)
    one_line(bad, "units_on", False)


def test_unknown_names_are_told():
    with pytest.raises(ValueError, match="units_on"):
        checks.judge("unit_on", None)
    with pytest.raises(AttributeError, match="units_on"):
        checks.unit_on  # noqa: B018


# --------------------------------------------------------------------- what is computed with it

RESULTS = {
    "bce_of_copies": [
        (None, "blank"),
        (0.0584, "0.05836"),
        (0.26251, "0.26251"),
        (0, "0.0"),
        (np.full(10000, 0.0581), "several"),
        (0.1, "otherwise"),
        (np.sum, "a function"),
        (0.058, "0.058"),
    ],
    "count_parameters": [(None, "blank"), (50992, "50992"), (201617, "otherwise")],
    "dead_units": [
        (None, "blank"),
        ([], "()"),
        ([3], "otherwise"),
        ([[7]], "otherwise"),
        (1, "(1,)"),
    ],
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_wrong_result_of_a_right_function_is_told(name):
    for result, key in RESULTS[name]:
        finding = judging.find(checks.EXERCISES[name], solutions()[name], result)
        assert finding.kind == "result" and finding.key == key, finding


def test_results_are_those_of_the_data(mnist, lesson):
    from sparse_ae import encode, mean_image_bce, perfect_copy_bce, units_never_on

    (x_train, _), (x_test, _) = mnist
    floor = checks.EXERCISES["bce_of_copies"].result
    values = list(floor.mistakes)
    assert perfect_copy_bce(x_test) == pytest.approx(floor.right, rel=1e-4)
    assert perfect_copy_bce(x_train) == pytest.approx(values[0], rel=1e-4)
    assert mean_image_bce(x_test, x_train) == pytest.approx(values[1], rel=1e-4)
    right = np.float32(perfect_copy_bce(x_test))
    assert checks.judge("bce_of_copies", solutions()["bce_of_copies"], right)[0]
    right = 784 * 257 + 128
    assert checks.judge("count_parameters", solutions()["count_parameters"], right)[0]
    dead = units_never_on(encode(lesson, x_test))
    assert checks.judge("dead_units", solutions()["dead_units"], list(dead))[0]


def test_without_a_result_only_the_function_is_judged():
    assert checks.judge("bce_of_copies", solutions()["bce_of_copies"])[0]


def test_the_import_needs_no_tensorflow(from_wheel):
    text = "import sys; from sparse_ae import checks; print('tensorflow' in sys.modules)"
    assert from_wheel("-c", text).stdout.strip() == "False"


@pytest.mark.slow
def test_in_a_kernel_a_failure_is_an_error_output_and_the_cell_goes_on():
    from conftest import own_sockets

    cells = [
        "from sparse_ae import checks\nimport matplotlib.pyplot as plt",
        "checks.units_on(lambda codes: (codes > 0).sum(axis=1))",
        "print('before')\nchecks.units_on(lambda codes: (codes != 0).sum(axis=1))\nprint('after')",
        "def units_on(codes):\n    raise NotImplementedError()",
        "checks.units_on(units_on)",
        "def units_on(codes):\n    print('noise'); plt.plot([1]); plt.show(); display(codes)\n"
        "    raise SystemExit(2)",
        "checks.units_on(units_on)",
        "print('the end')",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    # allow_errors is off: a cell that ends with an error would stop the run.
    kernel_manager = AsyncKernelManager(kernel_name="python3", **own_sockets())
    nbclient.NotebookClient(book, timeout=60, km=kernel_manager).execute()
    outputs = [[output.output_type for output in cell.outputs] for cell in book.cells]
    assert outputs == [[], ["stream"], ["stream", "error", "stream"], [], ["error"], [], ["error"],
                       ["stream"]]  # fmt: skip
    for cell in book.cells:
        for output in cell.outputs:
            if output.output_type == "error":
                assert output.ename == "CheckFailed" and output.traceback == [output.evalue]
                one_line(output.evalue, "units_on", False)
    assert "still blank" in book.cells[4].outputs[0].evalue
    assert "noise" not in json.dumps(book.cells[6].outputs)


# ------------------------------------------------------------------- all sentences, to be read


def sentences():
    """What each exercise says, in the order in which it is tried; then what any of them may say."""
    text = ["Written by `python tests/test_checks.py`.", ""]
    for name, exercise in checks.EXERCISES.items():
        text += [f"{name}", f"    ✓ {exercise.praise}"]
        if isinstance(exercise, Question):
            text += [
                f"    ✗ {words}" for words in (*exercise.mistakes.values(), exercise.otherwise)
            ]
            continue
        made = slips.slips_of(exercise)
        own = list(dict.fromkeys(slip.words for slip in made.own))
        text += [f"    ✗ {words}" for words in own]
        general = dict.fromkeys(slip.words for slip in made.one if slip.base is None)
        text += [f"      {words}" for words in general if words not in own]
        if exercise.result:
            result = exercise.result
            text += [f"    ✗ `{result.name}` {words}" for words in result.mistakes.values()]
        text.append("")
    text += ["When it stops with an error", ""]
    text += [
        f"    {', '.join(signs)}: {words}" for _, signs, words in slips.read_table(rules.ERRORS)
    ]
    return "\n".join(text) + "\n"


def test_the_file_of_sentences_is_up_to_date():
    renew = "`python tests/test_checks.py` writes tests/sentences.txt anew: read what has changed"
    assert SENTENCES.read_text("utf-8") == sentences(), renew


if __name__ == "__main__":
    SENTENCES.write_text(sentences(), "utf-8")
