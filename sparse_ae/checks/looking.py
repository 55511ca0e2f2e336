"""What can be seen in a student's function without calling it, from its compiled steps.

The text of a function is not always at hand, its steps are. Nothing here says that an answer is
wrong: it says what may have made it so.
"""

import dis
import functools
import inspect
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

# Methods and built-in functions that give something new and leave what they are given.
_GIVES_NEW = set(
    """reshape astype copy clip round transpose ravel flatten squeeze swapaxes sum mean max min std
    argsort argmax argmin any all cumsum dot repeat tolist nonzero prod replace sorted abs float
    int relu sigmoid softmax norm cast""".split()  # noqa: SIM905
)
_IN_PLACE = {"sort", "append", "extend", "reverse", "update", "insert", "fill", "shuffle", "clear"}
_MODULES = {"np", "numpy", "ops", "keras", "math"}
_WRITES = {"copyto", "put", "put_along_axis", "fill_diagonal", "seterr", "set_printoptions"}


@dataclass
class Seen:
    """names: what is asked for by name, as `np.clip`'s `clip`. operators: as `@`, `==`, `+=`.

    not_kept: what is computed on a line of its own and not kept. none_kept: what is called in
    place, returns None, and whose None is kept. whole_slice: whether there is a `[:]`.
    """

    names: set = field(default_factory=set)
    operators: set = field(default_factory=set)
    not_kept: list = field(default_factory=list)
    none_kept: list = field(default_factory=list)
    whole_slice: bool = False
    does_nothing: bool = False


def code_of(answer):
    """The compiled steps of a function, a method, a partial function or a callable object."""
    while isinstance(answer, functools.partial):
        answer = answer.func
    if inspect.isclass(answer) or not hasattr(inspect.unwrap(answer), "__code__"):
        answer = getattr(answer, "__call__", None)  # noqa: B004
        answer = getattr(answer, "__func__", answer)
    return getattr(inspect.unwrap(answer), "__code__", None)


def _all_codes(answer):
    codes = [code_of(answer)]
    while codes:
        code = codes.pop()
        if code is not None:
            yield code
            codes += [inner for inner in code.co_consts if inspect.iscode(inner)]


def look(answer):
    """What is seen in a function and in the functions inside of it: a `Seen`."""
    seen = Seen()
    for code in _all_codes(answer):
        steps = [s for s in dis.get_instructions(code) if s.opname not in ("CACHE", "PRECALL")]
        writes_out = any(isinstance(c, tuple) and "out" in c for c in code.co_consts)
        for place, (step, after) in enumerate(pairwise(steps)):
            kind = step.opname
            if kind.startswith("LOAD_") and isinstance(step.argval, str):
                seen.names.add(step.argval)
            elif kind in ("BINARY_OP", "COMPARE_OP"):
                seen.operators.add(step.argrepr.removeprefix("bool(").removesuffix(")"))
            elif kind in ("BUILD_SLICE", "BINARY_SLICE"):
                ends = [s.argval for s in steps[max(place - 2, 0) : place]]
                alone = kind == "BINARY_SLICE" or after.opname == "BINARY_SUBSCR"
                seen.whole_slice |= alone and ends == [None, None]
            dropped = after.opname == "POP_TOP"
            if kind.startswith("CALL"):
                module, name = _called(steps[:place], step)
                if dropped and not writes_out:
                    if name in _GIVES_NEW or (module and hasattr(np, name) and name not in _WRITES):
                        seen.not_kept.append(name)
                elif name in _IN_PLACE and not module and not dropped:
                    seen.none_kept.append(name)
            elif dropped and kind == "COMPARE_OP" and "==" in step.argrepr:
                seen.not_kept.append("==")
            elif dropped and kind == "BINARY_OP" and "=" not in step.argrepr:
                seen.not_kept.append(step.argrepr)
    first = code_of(answer)
    nothing = {"RESUME", "NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}
    if first is not None:
        seen.does_nothing = {step.opname for step in dis.get_instructions(first)} <= nothing
    return seen


def _called(steps, call):
    """(module or "", name) of what is called: the longest that begins where it does."""
    start, module, name, end = call.positions, "", "", None
    for step in steps:
        where = step.positions
        if not step.opname.startswith("LOAD_") or not isinstance(step.argval, str):
            continue
        if (where.lineno, where.col_offset) != (start.lineno, start.col_offset):
            continue
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FAST", "LOAD_DEREF"):
            module = step.argval if step.argval in _MODULES else ""
        reach = (where.end_lineno, where.end_col_offset)
        if end is None or reach > end:
            name, end = step.argval, reach
    return module, name


def notebook_variable(answer):
    """The name of an array, a list or a dict of the notebook that a function reads, or None."""
    known = getattr(inspect.unwrap(answer), "__globals__", {})
    for code in _all_codes(answer):
        for step in dis.get_instructions(code):
            kind = type(known.get(step.argval)).__name__ if step.opname == "LOAD_GLOBAL" else ""
            if kind in ("ndarray", "list", "dict", "EagerTensor", "History"):
                return step.argval
    return None


def line_in(problem, answer):
    """The line of the student's own cell that was running when an error came, or None."""
    code = code_of(answer)
    line, frame = None, problem.__traceback__
    while code is not None and frame is not None:
        if frame.tb_frame.f_code.co_filename == code.co_filename:
            line = frame.tb_lineno
        frame = frame.tb_next
    return line
