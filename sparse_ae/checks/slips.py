"""Wrong functions made of a right one: each usual slip, at each place where it can be made.

A rule is a pattern, what may stand in its place, and the words for it (`rules.py`). `Slips` fits
the patterns to the syntax tree of an exercise's reference and rewrites it. A wrong answer is named
by comparing what it returns with what the rewritten functions return, so that no exercise lists
the usual mistakes. The idea is the error model of Singh, Gulwani, Solar-Lezama: Automated Feedback
Generation for Introductory Programming Assignments (PLDI 2013), read forwards.
"""

import ast
import copy
import functools
import inspect
import itertools
import re
import textwrap
from typing import NamedTuple

import numpy as np

from . import rules
from .comparing import same

MOST_PAIRS = 400
FAILED = object()  # what a rewriting returns that makes no sense
_LETTERS = "xyzkn"
_METHODS = ["sum", "mean", "any", "all", "argmax", "argmin", "argsort", "max", "min", "std"]


class Rule(NamedTuple):
    """`pattern` is None where it is the answer as a whole that is replaced."""

    pattern: ast.AST | None
    wrong: str
    words: str
    key: str


def read_table(text):
    """[pattern or None, ways, words] for each entry of a table like those in `rules.py`.

    A line without indent that ends with a colon is a pattern; what may stand in its place follows,
    several ways divided by `;`, and after `#` the words, which go on in lines that begin with `#`.
    """
    entries, pattern, begun = [], None, ""
    for line in textwrap.dedent(text).strip("\n").split("\n"):
        code, _, words = (part.strip() for part in line.partition("# "))
        if not code and words and not begun:
            entries[-1][2] += f" {words}"
        elif code.endswith(":") and not (line.startswith(" ") or begun):
            pattern = code[:-1]
        elif not words:  # the ways go on in the next line
            begun += f"{code} "
        else:
            ways = (begun + code).strip().split(" ; ")
            entries.append([pattern if line.startswith(" ") else None, ways, words])
            begun = ""
    return entries


def read_rules(text):
    """The rules of a table. The mistakes of an exercise have the same form.

    `old -> new` is a pattern and its replacement in one line; without a pattern the answer is
    replaced. `{a|b}` stands for a, then for b, and `{}` behind it for the same one; {n} and {d}
    stand for the numbers in `rules.WRITTEN_IN`.
    """
    found = []
    for pattern, ways, words in read_table(text):
        for way in ways:
            whole = way if pattern is None or " -> " in way else f"{pattern} -> {way}"
            for key, said in _filled(whole, words):
                old, arrow, new = key.partition(" -> ")
                found.append(
                    Rule(_parsed(old) if arrow else None, new if arrow else old, said, key)
                )
    return found


def _filled(text, words):
    for letter, numbers in rules.WRITTEN_IN.items():
        text = text.replace(letter, numbers)
    braces = re.search(r"\{([^{}]*\|[^{}]*)\}", text)
    if not braces:
        return [(text, words)]
    found = []
    for one in braces[1].split("|"):
        said = words.replace("{}", one)
        found += _filled(text.replace(braces[0], one).replace("{}", one), said)
    return found


@functools.cache
def _rules(*tables):
    """The rules of some tables, the particular ones first."""
    found = [rule for table in tables for rule in read_rules(table)]
    return sorted(found, key=lambda rule: -len(list(ast.walk(rule.pattern or ast.Load()))))


# ------------------------------------------------------------------------ patterns and their places


class _Functions(ast.NodeTransformer):
    """`x.sum(axis=1)` as `np.sum(x, axis=1)`: one form for a rule to fit."""

    def visit_Call(self, call):
        self.generic_visit(call)
        method = isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS
        if method and ast.unparse(call.func.value) != "np":
            call.args.insert(0, call.func.value)
            call.func.value = ast.Name("np")
        return call


@functools.cache
def _parsed(text):
    """The syntax tree of an expression or of one statement, in the form that rules have."""
    (statement,) = _Functions().visit(ast.parse(text)).body
    return statement.value if isinstance(statement, ast.Expr) else statement


def _fits(pattern, node, bound, letters=_LETTERS):
    """Whether `node` has the form of `pattern`; what its letters stand for goes into `bound`."""
    if isinstance(pattern, ast.Name) and pattern.id in letters:
        number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
        if not isinstance(node, ast.expr) or (pattern.id in "kn" and not number):
            return False
        return ast.unparse(bound.setdefault(pattern.id, node)) == ast.unparse(node)
    if type(pattern) is not type(node):
        return False
    if isinstance(pattern, list):
        pairs = zip(pattern, node, strict=False)
        return len(pattern) == len(node) and all(_fits(p, n, bound, letters) for p, n in pairs)
    if not isinstance(pattern, ast.AST):
        return pattern == node
    return all(
        _fits(part, getattr(node, name, None), bound, letters)
        for name, part in ast.iter_fields(pattern)
        if name not in ("ctx", "kind")
    )


def _put_in(wrong, bound):
    """The text of a replacement, with the parts of the old one in the place of the letters."""

    def part(match):
        node = bound.get(match[0])
        if node is None:
            return match[0]
        simple = isinstance(node, ast.Name | ast.Constant | ast.Call | ast.Subscript)
        return ast.unparse(node) if simple else f"({ast.unparse(node)})"

    return re.sub(rf"\b[{_LETTERS}]\b", part, wrong)


class _Text:
    """The text of a function and its syntax tree, with the place of each part in the text."""

    def __init__(self, text):
        self.text, self.tree = text, ast.parse(text)
        lengths = map(len, text.splitlines(keepends=True))
        self.starts = list(itertools.accumulate(lengths, initial=0))
        nodes = list(ast.walk(self.tree))
        self.parts = [n for n in nodes if isinstance(n, ast.expr | ast.AugAssign)]
        self.parts = [n for n in self.parts if not isinstance(getattr(n, "ctx", 0), ast.Store)]
        self.returned = [n.value for n in nodes if isinstance(n, ast.Return)]
        self.gone_through = [n.iter for n in nodes if isinstance(n, ast.For | ast.comprehension)]

    def span(self, node):
        start = self.starts[node.lineno - 1] + node.col_offset
        return start, self.starts[node.end_lineno - 1] + node.end_col_offset

    def replaced(self, pairs):
        """The text with a new text in the place of each node; the nodes do not overlap."""
        text = self.text
        for node, new in sorted(pairs, key=lambda pair: -self.span(pair[0])[0]):
            start, end = self.span(node)
            text = f"{text[:start]}{new}{text[end:]}"
        return text

    def rewritten(self, rule_list, axes, letters=_LETTERS, places=None):
        """(key, words, text) for each rule at each place that it fits, then at all places.

        axes: {argument: its nouns}, of all arguments: by name is told what the student knows.
        places: where rules without a pattern fit; else that is what is returned.
        """
        known, axes = set(axes), dict(axes)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                axes.setdefault(node.targets[0].id, " ".join(_nouns(axes, node.value)))
        for rule in rule_list:
            made = []
            for node in self.parts if rule.pattern else places or self.returned:
                bound = {} if rule.pattern or "x" not in letters else {"x": node}
                if not rule.pattern or _fits(rule.pattern, node, bound, letters):
                    new = _put_in(rule.wrong, bound)
                    made.append((node, f"({new})" if isinstance(node, ast.expr) else new))
                    words = rule.words
                    if "{" in words:
                        words = words.format_map(_words_for(bound, axes, known))
                    yield rule.key, words, self.replaced(made[-1:])
            spans = sorted(self.span(node) for node, _ in made)
            if spans[1:] and all(a[1] <= b[0] for a, b in itertools.pairwise(spans)):
                yield rule.key, words, self.replaced(made)


def _words_for(bound, axes, known=()):
    """{k}: the noun of the axis that is worked along; {j}: of the other; {x}, {y}, {z}: parts."""
    nouns = _nouns(axes, bound["x"]) if "x" in bound else axes.get("answer", "").split()
    axis = bound["k"].value if "k" in bound else max(len(nouns) - 1, 0)
    both = [*nouns, *("row", "column")[len(nouns) :]]
    words = {"k": both[axis] if axis < len(both) else "number", "j": both[axis == 0]}
    words |= {"x": "the first part", "y": "the second part", "z": "the third part"}
    for letter, node in bound.items():
        plain = isinstance(node, ast.Constant) or getattr(node, "id", None) in known
        if plain and letter != "k":
            words[letter] = f"`{ast.unparse(node)}`"
    return words


def _nouns(axes, node):
    """The nouns of the axes of an expression."""
    if isinstance(node, ast.Name):
        return axes.get(node.id, "").split()
    parts = [_nouns(axes, child) for child in ast.iter_child_nodes(node)]
    nouns = max(parts, key=len, default=[])
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _METHODS:
        axis = [eval(ast.unparse(k.value), {}) for k in node.keywords if k.arg == "axis"]
        return [noun for i, noun in enumerate(nouns) if axis and i != axis[0]]
    return nouns


def _sentence(*words):
    text = "; and ".join(dict.fromkeys(word.rstrip(".") for word in words))
    return text if text.endswith("?") else f"{text}."


# ---------------------------------------------------------------------------------- wrong functions


class Slip:
    """A wrong function: what it returns for each input of the exercise, and the words for it.

    text: of the function; or, with a `base`, an expression of what the base returns, `x`.
    """

    def __init__(self, exercise, key, words, text, base=None):
        self.exercise, self.key, self.words = exercise, key, words
        self.text, self.base, self.found = text, base, {}

    @functools.cached_property
    def function(self):
        name, known = self.exercise.name, self.exercise.reference.__globals__
        exec(self.text, known | {name: self.exercise.reference}, made := {})
        return made[name]

    def _computed(self, number):
        if self.base is None:
            return self.function(*copy.deepcopy(self.exercise.inputs[number]))
        value = self.base.value(number)
        if isinstance(value, list):
            return [eval(_compiled(self.text), {"np": np, "x": one}) for one in value]
        return eval(_compiled(self.text), {"np": np, "x": value})

    def value(self, number):
        """What it returns for an input, as it is read; FAILED, or None where it divides by 0."""
        if number not in self.found:
            try:
                self.found[number] = self.exercise.read(self._computed(number))
            except ZeroDivisionError:
                self.found[number] = None
            except Exception:
                self.found[number] = FAILED
        return self.found[number]

    def explains(self, calls, right):
        """Whether the student's values are those of this wrong function."""
        compared = []  # whether it is right, for each input for which both have a value
        for number, (call, is_right) in enumerate(zip(calls, right, strict=True)):
            value = self.value(number) if call.usable else None
            if value is None:
                continue
            if value is not FAILED:
                value = self.exercise.settle(value, *call.arguments)
            if value is FAILED or not same(call.value, value, self.exercise.atol):
                return False
            compared.append(is_right)
        return len(compared) > 1 and not all(compared)


@functools.cache
def _compiled(text):
    return compile(text, "<rule>", "eval")


class Slips:
    """All wrong functions of an exercise: its own, one slip, two slips."""

    def __init__(self, exercise):
        self.exercise, reference = exercise, exercise.reference
        self.letters = set(_LETTERS).difference(exercise.arguments)  # `n` may be an argument
        function = ast.parse(textwrap.dedent(inspect.getsource(reference))).body[0]
        function.decorator_list = []
        if ast.get_docstring(function):
            del function.body[0]
        self.right = _Text(ast.unparse(_Functions().visit(function)))

    def _ways(self, rule_list, letters=_LETTERS, text=None, places=None):
        axes = dict.fromkeys(self.exercise.arguments, "") | self.exercise.axes
        return (text or self.right).rewritten(rule_list, axes, letters, places)

    def _made(self, ways):
        seen = set()
        for key, words, text in ways:
            if text not in seen:
                seen.add(text)
                yield Slip(self.exercise, key, _sentence(words), text)

    def _changed(self, base):
        """What may become of an answer on its way out, be it right or wrong."""
        for rule in _rules(rules.ANSWERS):
            words = rule.words.format_map(_words_for({}, self.exercise.axes))
            key = f"{base.key} and {rule.key}" if base.key else rule.key
            words = _sentence(*filter(None, [base.words, words]))
            yield Slip(self.exercise, key, words, rule.wrong, base)

    @functools.cached_property
    def own(self):
        return list(self._made(self._ways(read_rules(self.exercise.mistakes), self.letters)))

    @functools.cached_property
    def one(self):
        """One slip: the rules, the loops; then a changed answer or argument."""
        general = _rules(rules.COMMON, rules.RARE) if self.exercise.general else []
        loops = self.right.gone_through
        looped = self._ways(_rules(rules.LOOPS), places=loops) if loops else ()
        return [
            *self._made(itertools.chain(self._ways(general), looped)),
            *self._changed(Slip(self.exercise, "", "", self.right.text)),
            *self._made(self._arguments_changed()),
        ]

    @property
    def two(self):
        """A slip and a changed answer, then two common slips; no more than MOST_PAIRS of these."""
        common, letters = _rules(rules.COMMON), _LETTERS
        if not self.exercise.general:
            common = [rule for rule in read_rules(self.exercise.mistakes) if rule.pattern]
            letters = self.letters
        first = list(self._ways(common, letters))
        for slip in itertools.chain(self._made(first), self.own):
            yield from self._changed(slip)
        pairs = (
            (f"{key} and {more}", _sentence(words, also), both)
            for key, words, text in first
            for more, also, both in self._ways(common, letters, _Text(text))
        )
        yield from itertools.islice(self._made(pairs), MOST_PAIRS)

    def _arguments_changed(self):
        for name, value in zip(self.exercise.arguments, self.exercise.inputs[0], strict=True):
            if isinstance(value, np.ndarray | int | float):
                table = rules.ARRAYS if isinstance(value, np.ndarray) else rules.NUMBERS
                yield from self._ways(_rules(table.replace("ARGUMENT", name)), self.letters)


@functools.cache
def slips_of(exercise):
    """The wrong functions of an exercise, made once."""
    return Slips(exercise)
