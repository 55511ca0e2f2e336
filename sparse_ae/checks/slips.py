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
    stand for the numbers in `rules.NUMBERS`.
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
    braces = re.search(r"\{([nd]|[^{}]*\|[^{}]*)\}", text)
    if not braces:
        return [(text, words)]
    found = []
    for value in rules.NUMBERS.get(braces[1]) or braces[1].split("|"):
        one = value if isinstance(value, str) else f"{value:.12g}"
        said = words.replace("{}", one)
        found += _filled(text.replace(braces[0], one).replace("{}", one), said)
    return found


@functools.cache
def _general():
    """The general rules: the common ones; all, the particular first; those of loops, of answers."""
    common, rare = read_rules(rules.COMMON), read_rules(rules.RARE)
    parts = sorted(common + rare, key=lambda rule: -len(list(ast.walk(rule.pattern))))
    return common, parts, read_rules(rules.LOOPS), read_rules(rules.ANSWERS)


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
        given = [n for n in nodes if isinstance(getattr(n, "ctx", None), ast.Store)]
        self.parts = [n for n in nodes if isinstance(n, ast.expr | ast.AugAssign)]
        self.parts = [n for n in self.parts if n not in given]
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

    def rewritten(self, rule_list, axes, letters=_LETTERS):
        """(key, words, text) for each rule at each place that it fits, then at all places.

        axes: {argument: its nouns}, of all arguments: by name is told what the student knows.
        """
        known, axes = set(axes), dict(axes)
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                axes.setdefault(node.targets[0].id, " ".join(_nouns(axes, node.value)))
        for rule in rule_list:
            made = []
            for node in self.parts:
                if _fits(rule.pattern, node, bound := {}, letters):
                    new = _put_in(rule.wrong, bound)
                    made.append((node, f"({new})" if isinstance(node, ast.expr) else new))
                    words = rule.words
                    if "{" in words:
                        words = words.format_map(_words_for(bound, axes, known))
                    yield rule.key, words, self.replaced(made[-1:])
            spans = sorted(self.span(node) for node, _ in made)
            if spans[1:] and all(a[1] <= b[0] for a, b in itertools.pairwise(spans)):
                yield rule.key, words, self.replaced(made)


# ---------------------------------------------------------------------------------- words for parts


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
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return _nouns(axes, node.left)[:-1] + _nouns(axes, node.right)[1:]
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _METHODS:
        axis = [eval(ast.unparse(k.value), {}) for k in node.keywords if k.arg == "axis"]
        return [noun for i, noun in enumerate(nouns) if axis and i != axis[0]]
    return nouns


def _sentence(*words):
    text = "; and ".join(word.rstrip(".") for word in words)
    return text if text.endswith("?") else f"{text}."


# ---------------------------------------------------------------------------------- wrong functions


class Slip:
    """A wrong function: what it returns for each input of the exercise, and the words for it.

    text: of the function; or, with a `base`, an expression of what the base returns, `x`.
    """

    def __init__(self, exercise, key, words, text, names, base=None):
        self.exercise, self.key, self.words = exercise, key, words
        self.text, self.names, self.base, self.found = text, names, base, {}

    @functools.cached_property
    def function(self):
        made = {}
        exec(self.text, self.names, made)
        return made[self.exercise.name]

    def _computed(self, number, double):
        if self.base is None:
            given = copy.deepcopy(self.exercise.inputs[number])
            given = [_doubled(argument) for argument in given] if double else given
            return self.exercise.read(self.function(*given))
        value = self.base.value(number, double)
        if isinstance(value, list):
            changed = [eval(_compiled(self.text), {"np": np, "x": one}) for one in value]
        elif isinstance(value, np.ndarray):
            changed = eval(_compiled(self.text), {"np": np, "x": value})
        else:
            return FAILED
        return self.exercise.read(changed)

    def value(self, number, double):
        """What it returns for an input, as it is read; FAILED; None where it divides by 0."""
        if (number, double) not in self.found:
            try:
                self.found[number, double] = self._computed(number, double)
            except ZeroDivisionError:
                self.found[number, double] = None
            except Exception:  # a rewriting that makes no sense for this input
                self.found[number, double] = FAILED
        return self.found[number, double]

    def explains(self, calls, right):
        """Whether the student's values are those of this wrong function, in one precision."""
        for double in (False, True):
            seen = []  # whether right, for each input for which both have the same value
            for number, (call, is_right) in enumerate(zip(calls, right, strict=True)):
                value = self.value(number, double)
                if value is None or (value is FAILED and not call.usable):
                    continue
                if value is FAILED or not call.usable:
                    break
                value = self.exercise.settle(value, *call.arguments)
                if not same(call.value, value, self.exercise.atol):
                    break
                seen.append(is_right)
            else:
                return len(seen) > 1 and not all(seen)
            if not seen:  # the first input is the same in both precisions
                return False
        return False

    def is_right(self):
        wanted = enumerate(self.exercise.wanted)
        return all(same(self.value(i, False), w, self.exercise.atol) for i, w in wanted)


def _doubled(value):
    if isinstance(value, list):
        return [_doubled(one) for one in value]
    single = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value.astype(float) if single else value


@functools.cache
def _compiled(text):
    return compile(text, "<rule>", "eval")


class Slips:
    """All wrong functions of an exercise: its own, one slip, two slips."""

    def __init__(self, exercise):
        self.exercise, reference = exercise, exercise.reference
        self.names = reference.__globals__ | {exercise.name: reference}
        self.letters = set(_LETTERS).difference(exercise.arguments)  # `n` may be an argument
        function = ast.parse(textwrap.dedent(inspect.getsource(reference))).body[0]
        function.decorator_list = []
        if ast.get_docstring(function):
            del function.body[0]
        self.right = _Text(ast.unparse(_Functions().visit(function)))
        self.bases = [self.right]
        for way in self._ways(self.right, read_rules("x < y -> x <= y  # no difference")):
            if self._slip(*way).is_right():  # then a wrong answer may have it either way, too
                self.bases.append(_Text(way[2]))

    def _ways(self, text, rule_list, letters=_LETTERS):
        axes = dict.fromkeys(self.exercise.arguments, "") | self.exercise.axes
        return text.rewritten(rule_list, axes, letters)

    def _slip(self, key, words, text, base=None):
        return Slip(self.exercise, key, _sentence(words), text, self.names, base)

    def _changed(self, base, first=None):
        """What may become of an answer on its way out; `first`: what is wrong with it already."""
        for rule in _general()[3]:
            words = rule.words.format_map(_words_for({}, self.exercise.axes))
            key = f"{base.key} and {rule.key}" if first else rule.key
            yield self._slip(key, _sentence(first, words) if first else words, rule.wrong, base)

    @functools.cached_property
    def own(self):
        found = []
        for rule in read_rules(self.exercise.mistakes):
            if rule.pattern is None:  # something else is returned
                text = self.right.replaced([(node, rule.wrong) for node in self.right.returned])
                found.append(self._slip(rule.key, rule.words, text))
            else:
                ways = [
                    way for base in self.bases for way in self._ways(base, [rule], self.letters)
                ]
                found += [self._slip(*way) for way in ways]
        return found

    @functools.cached_property
    def one(self):
        """One slip: the rules, the loops, other arguments; then a changed answer or argument."""
        _, parts, loops, _ = _general()
        parts = parts if self.exercise.general else []
        found = [way for base in self.bases for way in self._ways(base, parts)]
        for node, rule in itertools.product(self.right.gone_through, loops):
            new = rule.wrong.replace("x", ast.unparse(node))
            found.append((rule.key, rule.words, self.right.replaced([(node, new)])))
        found += self._exchanged()
        unique = {text: (key, words) for key, words, text in reversed(found)}
        slips = [self._slip(*about, text) for text, about in reversed(unique.items())]
        changed = self._changed(self._slip("", "", self.right.text))
        return [*slips, *changed, *(self._slip(*way) for way in self._argument_changed())]

    @property
    def two(self):
        """A slip and a changed answer, then two common slips; no more than MOST_PAIRS of these."""
        own = [rule for rule in read_rules(self.exercise.mistakes) if rule.pattern is not None]
        common, letters = _general()[0], _LETTERS
        if not self.exercise.general:
            common, letters = own, self.letters
        first = list(self._ways(self.right, common, letters))
        for slip in [*(self._slip(*way) for way in first), *self.own]:
            yield from self._changed(slip, slip.words)
        seen = set()
        for key, words, text in first:
            for more, also, both in self._ways(_Text(text), common, letters):
                if both not in seen and len(seen) < MOST_PAIRS:
                    seen.add(both)
                    yield self._slip(f"{key} and {more}", _sentence(words, also), both)

    def _exchanged(self):
        """Another argument, or a number, in the place of an argument."""
        exercise, axes = self.exercise, self.exercise.axes
        head, _, body = self.right.text.partition("\n")
        for one, other in itertools.permutations(exercise.arguments, 2):
            if axes.get(one, "") == axes.get(other, ""):
                swap = {one: other, other: one}
                text = re.sub(rf"\b({one}|{other})\b", lambda m, s=swap: s[m[0]], body)
                words = f"`{one}` and `{other}` are exchanged: look at where each belongs"
                yield f"{one} <-> {other}", words, f"{head}\n{text}"
                rule = read_rules(f"{one} -> {other}  # `{other}` stands where `{one}` belongs")
                yield from self._ways(self.right, rule, self.letters)
        for name, value in zip(exercise.arguments, exercise.inputs[0], strict=True):
            for number in rules.WRITTEN_IN if isinstance(value, int | float) else ():
                text = re.sub(rf"\b{name}\b", f"{number:.12g}", body)
                words = f"a number is written in: use the argument `{name}`"
                yield f"{name} -> {number:g}", words, f"{head}\n{text}"

    def _argument_changed(self):
        for name, value in zip(self.exercise.arguments, self.exercise.inputs[0], strict=True):
            if isinstance(value, np.ndarray):
                rule_list = read_rules(rules.ARGUMENTS.replace("ARGUMENT", name))
                yield from self._ways(self.right, rule_list, self.letters)


@functools.cache
def slips_of(exercise):
    """The wrong functions of an exercise, made once; None where its text cannot be read."""
    try:
        return Slips(exercise)
    except (OSError, TypeError):
        return None
