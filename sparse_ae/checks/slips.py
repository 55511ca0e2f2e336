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
from dataclasses import dataclass

import numpy as np

from . import rules
from .comparing import Unusable, same

MOST_PAIRS = 400
_LETTERS = "xyzkn"
_METHODS = "sum mean any all argmax argmin argsort max min std".split()
FAILED = object()


class _Functions(ast.NodeTransformer):
    """`x.sum(axis=1)` as `np.sum(x, axis=1)`: one form for a rule to fit."""

    def visit_Call(self, call):
        self.generic_visit(call)
        method = isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS
        if method and ast.unparse(call.func.value) != "np":
            call.args.insert(0, call.func.value)
            call.func.value = ast.Name("np")
        return call


def _parsed(text):
    """The syntax tree of an expression or of one statement, in the form that rules have."""
    (statement,) = _Functions().visit(ast.parse(text)).body
    return statement.value if isinstance(statement, ast.Expr) else statement


@dataclass(frozen=True)
class Rule:
    """`pattern` is None where all of the function is replaced, or its answer is changed."""

    pattern: ast.AST | None
    wrong: str
    words: str
    key: str


def read_table(text):
    """(pattern or None, [ways], words) for each entry of a table like those in `rules.py`.

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
    replaced. `{a|b}` stands for a, then for b, and `{}` in the words for the one of these; {n} and
    {d} stand for the numbers in `rules.NUMBERS`.
    """
    found = []
    for pattern, ways, words in read_table(text):
        for way in ways:
            old, arrow, new = (part.strip() for part in way.partition(" -> "))
            old, new = (old, new) if arrow else (pattern, old)
            for wrong, said in _filled(new, words):
                tree = _parsed(old) if old else None
                found.append(Rule(tree, wrong, said, f"{old} -> {wrong}" if old else wrong))
    return found


def _filled(wrong, words):
    braces = re.search(r"\{([nd]|[^{}]*\|[^{}]*)\}", wrong)
    if not braces:
        return [(wrong, words)]
    found = []
    for value in rules.NUMBERS.get(braces[1]) or braces[1].split("|"):
        text = value if isinstance(value, str) else f"{value:.12g}"
        said = words.replace("{}", text, 1).replace("{" + braces[1] + "}", text)
        found += _filled(wrong.replace(braces[0], text), said)
    return found


@functools.cache
def _general():
    """The general rules: the common ones; all, the particular first; those of loops, of answers."""
    common, rare = read_rules(rules.COMMON), read_rules(rules.RARE)
    parts = sorted(common + rare, key=lambda rule: -len(list(ast.walk(rule.pattern))))
    return common, parts, read_rules(rules.LOOPS), read_rules(rules.ANSWERS)


def _fits(pattern, node, bound, letters=_LETTERS):
    """Whether `node` has the form of `pattern`; what its letters stand for goes into `bound`."""
    if isinstance(pattern, ast.Name) and pattern.id in letters:
        number = isinstance(node, ast.Constant) and type(node.value) in (int, float)
        if not isinstance(node, ast.expr) or (pattern.id in "kn" and not number):
            return False
        return ast.unparse(bound.setdefault(pattern.id, node)) == ast.unparse(node)
    if type(pattern) is not type(node):
        return False
    if not isinstance(pattern, ast.AST):
        return pattern == node
    for name, part in ast.iter_fields(pattern):
        other = getattr(node, name, None)
        if isinstance(part, list):
            pairs = zip(part, other, strict=False)
            if len(part) != len(other) or not all(_fits(p, o, bound, letters) for p, o in pairs):
                return False
        elif name not in ("ctx", "kind") and not _fits(part, other, bound, letters):
            return False
    return True


class _Text:
    """The text of a function and its syntax tree, with the place of each part in the text."""

    def __init__(self, text):
        self.text = text
        self.tree = ast.parse(text)
        ends = itertools.accumulate(map(len, text.splitlines(keepends=True)), initial=0)
        self.starts = list(ends)

    @functools.cached_property
    def parts(self):
        """All expressions, and statements like `x += y`; no names that are just being given."""
        nodes = (n for n in ast.walk(self.tree) if isinstance(n, ast.expr | ast.AugAssign))
        return [node for node in nodes if not isinstance(getattr(node, "ctx", None), ast.Store)]

    @functools.cached_property
    def returned(self):
        return [node.value for node in ast.walk(self.tree) if isinstance(node, ast.Return)]

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

    def overlap(self, nodes):
        spans = sorted(map(self.span, nodes))
        return any(end > start for (_, end), (start, _) in itertools.pairwise(spans))

    def loops(self):
        """What the loops and the comprehensions go through."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.For | ast.comprehension):
                yield node.iter


class Slip:
    """A wrong function: what it returns for each input of the exercise, and the words for it."""

    def __init__(self, exercise, key, words, text, names):
        self.exercise, self.key, self.words = exercise, key, words
        self.text, self.names, self.values = text, names, {}

    @functools.cached_property
    def function(self):
        made = {}
        exec(self.text, self.names, made)
        return made[self.exercise.name]

    def compute(self, number, double):
        arguments = copy.deepcopy(self.exercise.inputs[number])
        if double:
            arguments = tuple(_doubled(argument) for argument in arguments)
        return self.exercise.taken(self.function(*arguments), self.exercise.inputs[number])

    def value(self, number, double):
        """What it returns for an input, read and settled; FAILED; None where it divides by 0."""
        if (number, double) not in self.values:
            try:
                value = self.compute(number, double)
            except ZeroDivisionError:
                value = None
            except Exception:  # a rewriting that makes no sense for this input
                value = FAILED
            self.values[number, double] = value
        return self.values[number, double]

    def is_right(self):
        wanted = enumerate(self.exercise.wanted)
        return all(same(self.value(i, False), w, self.exercise.atol) for i, w in wanted)

    def explains(self, calls, right):
        """Whether the student's values, up to an error, are those of this wrong function."""
        agrees = self._agrees(calls, right, False)
        if agrees == 0:
            return False
        return agrees is True or self._agrees(calls, right, True) is True

    def _agrees(self, calls, right, double):
        """True, or for how many inputs it agrees before it does not."""
        seen = []
        for number, (call, is_right) in enumerate(zip(calls, right, strict=True)):
            value = self.value(number, double)
            if value is None:
                continue
            if not call.usable or value is FAILED:
                if call.usable or value is not FAILED:
                    return number
                continue
            if not same(call.value, value, self.exercise.atol):
                return number
            seen.append(is_right)
        return (len(seen) > 1 and not all(seen)) or 0


def _doubled(value):
    if isinstance(value, list):
        return [_doubled(one) for one in value]
    single = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value.astype(float) if single else value


class Changed(Slip):
    """A function, right or wrong, whose answer is changed on its way out."""

    def __init__(self, base, rule, words):
        super().__init__(base.exercise, rule.key, words, rule.wrong, base.names)
        self.base = base

    def compute(self, number, double):
        value = self.base.value(number, double)
        if isinstance(value, list):
            value = [eval(_compiled(self.text), {"np": np, "x": one}) for one in value]
        elif isinstance(value, np.ndarray):
            value = eval(_compiled(self.text), {"np": np, "x": value})
        else:
            return FAILED
        return self.exercise.taken(value, self.exercise.inputs[number])


@functools.cache
def _compiled(text):
    return compile(text, "<rule>", "eval")


class Slips:
    """All wrong functions of an exercise: its own, one slip, a changed answer, two slips."""

    def __init__(self, exercise):
        self.exercise = exercise
        self.names = exercise.reference.__globals__ | {exercise.name: exercise.reference}
        source = textwrap.dedent(inspect.getsource(exercise.reference))
        function = ast.parse(source).body[0]
        function.decorator_list = []
        if ast.get_docstring(function):
            del function.body[0]
        self.right = _Text(ast.unparse(_Functions().visit(function)))
        self.bases = [self.right]
        for about in self._rewritten(self.right, read_rules("x < y -> x <= y  # no difference")):
            if self._slip(*about).is_right():  # then a wrong answer may have it either way, too
                self.bases.append(_Text(about[2]))

    def _slip(self, key, words, text):
        return Slip(self.exercise, key, _sentence(words), text, self.names)

    @functools.cached_property
    def own(self):
        found = []
        for rule in read_rules(self.exercise.mistakes):
            if rule.pattern is None:  # something else is returned
                text = self.right.replaced([(r, rule.wrong) for r in self.right.returned])
                found.append(self._slip(rule.key, rule.words, text))
                continue
            letters = set(_LETTERS).difference(self.exercise.arguments)  # `n` may be an argument
            for base in self.bases:
                found += [self._slip(*way) for way in self._rewritten(base, [rule], letters)]
        return found

    @functools.cached_property
    def one(self):
        """One slip: the rules, the loops, the names of the arguments; then a changed answer."""
        _, parts, loops, _ = _general()
        parts = parts if self.exercise.general else []
        found = [way for base in self.bases for way in self._rewritten(base, parts)]
        for node in self.right.loops():
            for rule in loops:
                new = rule.wrong.replace("x", ast.unparse(node))
                found.append((rule.key, rule.words, self.right.replaced([(node, new)])))
        found += self._exchanged()
        unique = {text: (key, words) for key, words, text in reversed(found)}
        slips = [self._slip(*about, text) for text, about in reversed(unique.items())]
        right = self._slip("", "", self.right.text)
        changed = (Changed(right, rule, self._of_answer(rule.words)) for rule in _general()[3])
        return [*slips, *changed]

    @property
    def two(self):
        """A common slip and a changed answer, then two common slips; no more than MOST_PAIRS."""
        common, _, _, answers = _general()
        first = list(self._rewritten(self.right, common if self.exercise.general else []))
        for key, words, text in first:
            base = self._slip(key, words, text)
            for rule in answers:
                pair = Changed(base, rule, _both(words, self._of_answer(rule.words)))
                pair.key = f"{key} and {rule.key}"
                yield pair
        seen, pairs = set(), 0
        for key, words, text in first:
            for more, also, both in self._rewritten(_Text(text), common):
                if both not in seen and pairs < MOST_PAIRS:
                    seen.add(both)
                    pairs += 1
                    yield self._slip(f"{key} and {more}", _both(words, also), both)

    def _rewritten(self, text, rule_list, letters=_LETTERS):
        """(key, words, text) for each rule at each place of a function that it fits."""
        axes = dict(self.exercise.axes)
        for node in ast.walk(text.tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                axes.setdefault(node.targets[0].id, " ".join(_nouns(axes, node.value)))
        for rule in rule_list:
            made = []
            for node in text.parts:
                if _fits(rule.pattern, node, bound := {}, letters):
                    new = _put_in(rule.wrong, bound)
                    made.append((node, f"({new})" if isinstance(node, ast.expr) else new))
                    words = rule.words
                    if "{" in words:
                        words = words.format_map(_Words(bound, axes))
                    yield rule.key, words, text.replaced(made[-1:])
            if len(made) > 1 and not text.overlap(node for node, _ in made):
                yield rule.key, words, text.replaced(made)  # the same slip at all of its places

    def _exchanged(self):
        """Another argument, or a number, in the place of an argument."""
        arguments, axes = self.exercise.arguments, self.exercise.axes
        for one, other in itertools.combinations(arguments, 2):
            if axes.get(one, "") == axes.get(other, ""):
                swap = {one: other, other: one}
                text = re.sub(rf"\b({one}|{other})\b", lambda m, s=swap: s[m[0]], self._body)
                words = f"`{one}` and `{other}` are exchanged: look at where each belongs"
                yield f"{one} <-> {other}", words, self._head + text
        for node in ast.walk(self.right.tree):
            if not isinstance(node, ast.Name) or node.id not in arguments:
                continue
            for other in arguments:
                if other != node.id and axes.get(other, "") == axes.get(node.id, ""):
                    words = f"`{other}` stands where `{node.id}` belongs"
                    yield f"{node.id} -> {other}", words, self.right.replaced([(node, other)])
        for name, value in zip(arguments, self.exercise.inputs[0], strict=True):
            for number in rules.WRITTEN_IN if isinstance(value, int | float) else ():
                text = re.sub(rf"\b{name}\b", f"{number:.12g}", self._body)
                words = f"{number:g} is written in: use the argument `{name}`"
                yield f"{name} -> {number:g}", words, self._head + text

    @property
    def _head(self):
        return self.right.text.partition("\n")[0] + "\n"

    @property
    def _body(self):
        return self.right.text.partition("\n")[2]

    def _of_answer(self, words):
        nouns = self.exercise.axes.get("answer", "").split()
        return _sentence(words.format_map(_Words({}, {}, nouns)) if "{" in words else words)


def _put_in(wrong, bound):
    def part(match):
        node = bound.get(match[0])
        if node is None:
            return match[0]
        simple = isinstance(node, ast.Name | ast.Constant | ast.Call | ast.Subscript)
        return ast.unparse(node) if simple else f"({ast.unparse(node)})"

    return re.sub(rf"\b[{_LETTERS}]\b", part, wrong)


def _sentence(words):
    return words if not words or words[-1] in ".?" else f"{words}."


def _both(first, second):
    return f"{first.rstrip('.?')}; and {second}"


class _Words(dict):
    """{k}: the noun of the axis that is worked along; {j}: of the other; {x}, {y}, {z}: parts."""

    def __init__(self, bound, axes, nouns=None):
        nouns = _nouns(axes, bound["x"]) if nouns is None and "x" in bound else nouns or []
        axis = bound["k"].value if "k" in bound else len(nouns) - 1 if nouns else 1
        both = [*nouns, *("row", "column")[len(nouns) :]]
        along = both[axis] if -2 <= axis < len(both) else "number"
        other = both[1 - axis] if axis in (0, 1) else both[0]
        super().__init__(k=along, j=other)
        parts = {"x": "the first part", "y": "the second part", "z": "the third part"}
        for letter, node in bound.items():
            plain = isinstance(node, ast.Name | ast.Constant)
            self.setdefault(letter, f"`{ast.unparse(node)}`" if plain else parts.get(letter))


def _nouns(axes, node):
    """The nouns of the axes of an expression."""
    if isinstance(node, ast.Name):
        return axes.get(node.id, "").split()
    parts = [_nouns(axes, child) for child in ast.iter_child_nodes(node)]
    nouns = max(parts, key=len, default=[])
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return _nouns(axes, node.left)[:-1] + _nouns(axes, node.right)[1:]
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _METHODS:
        axis = [eval(ast.unparse(k.value), {}) for k in node.keywords if k.arg == "axis"]
        return [noun for i, noun in enumerate(nouns) if axis and i != axis[0]]
    return nouns


@functools.cache
def slips_of(exercise):
    """The wrong functions of an exercise, made once; None where its text cannot be read."""
    try:
        return Slips(exercise)
    except (OSError, TypeError):
        return None


__all__ = ["FAILED", "Rule", "Slips", "Unusable", "read_rules", "slips_of"]
