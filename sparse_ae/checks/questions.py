"""Exercises whose answer is a value and no function: a choice, a number, a set of letters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .reporting import report


@dataclass(frozen=True)
class Question:
    """A question, what is right, and what to say to the usual wrong answers.

    right: a text, a number, True or False; a set or a list of them, whose order does not matter;
    or a tuple, whose order does. mistakes: {wrong answer: what to say}. otherwise: what to say to
    all other wrong answers. Texts are compared without case, spaces and quotes, numbers up to
    `rtol`, and a text like "a, c" counts as a list where several answers are asked for.
    """

    name: str
    right: Any
    mistakes: Mapping = field(default_factory=dict)
    otherwise: str = "look at the figure and at the question again."
    praise: str = "that is right."
    rtol: float = 1e-3

    __name__ = property(lambda self: self.name)
    exercise = property(lambda self: self)

    def __call__(self, answer=None):
        """Check an answer; prints one line."""
        problem = self.problem(answer)
        report(not problem, self.name, problem[1] if problem else self.praise)

    def problem(self, answer):
        """(key, sentence), or None if the answer is right. The key is the wrong answer named.

        KeyboardInterrupt passes through; nothing else that an object raises does.
        """
        try:
            return self._problem(answer)
        except KeyboardInterrupt:
            raise
        except BaseException as unforeseen:
            name = type(unforeseen).__name__
            return "cannot be checked", f"cannot be checked: {name} when the check looks at it."

    def _problem(self, answer):
        if answer is None or answer is ... or (isinstance(answer, str) and not _plain(answer)):
            return "blank", "is still blank: give your answer this name, then run this cell again."
        if callable(answer):
            return "a function", "is a function, and a value is asked for: call it, or answer."
        if _several(answer) and not _several(self.right):
            return "several", "holds several, and one is asked for."
        if self._is(answer, self.right):
            return None
        for wrong, sentence in self.mistakes.items():
            if self._is(answer, wrong):
                return str(wrong), sentence
        if _several(self.right) and not _several(answer) and not isinstance(answer, str):
            return "one only", "is one, and several are asked for: give them as a list."
        return "otherwise", self.otherwise

    def _is(self, answer, wanted):
        """Whether an answer is `wanted`, in the form that the right answer has."""
        if _several(self.right):
            found, wanted = _parts(answer, self.right), _parts(wanted, self.right)
            ordered = isinstance(self.right, tuple)
            return found == wanted if ordered else set(found) == set(wanted)
        found, wanted = _plain(answer), _plain(wanted)
        if isinstance(wanted, float) and isinstance(found, float):
            return bool(np.isclose(found, wanted, rtol=self.rtol, atol=0))
        return found == wanted


def _several(value):
    """Whether it is more than one answer: a list, a set, an array with an axis."""
    return isinstance(value, set | frozenset | list | tuple) or getattr(value, "ndim", 0) > 0


def _parts(value, right):
    """The parts of an answer; a text is taken apart at its commas and spaces, or into letters."""
    if isinstance(value, str):
        value = value.strip("[](){}").replace(",", " ").replace(" and ", " ").split()
        if len(value) == 1 and all(isinstance(one, str) and len(one) == 1 for one in right):
            value = list(value[0])
    return [_plain(part) for part in (value if _several(value) else [value])]


def _plain(value):
    """A text without case, spaces and quotes; a number, written as one or as a text, as a float.

    Anything else becomes an object that is equal to nothing, whatever it says of itself.
    """
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if _several(value):
        return repr(value)
    try:
        return float(value)
    except Exception:  # of the object's own, too
        if not isinstance(value, str):
            return object()
        return "".join(c for c in value.lower() if c.isalnum() or c in "_+-*/=<>λ")
