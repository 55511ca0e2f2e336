"""The exercises, a module for each notebook, and how one is declared.

`@exercise(...)` above the notebook's solution makes the check of it; `checks/README.md` tells how.
"""

from .. import judging, reporting


def exercise(**about):
    """A decorator: puts the check of an exercise in the place of its reference.

    about: the fields of `Exercise`, without `reference`. The check takes the student's function,
    and what it was used to compute where the exercise asks for that, and prints one line.
    """

    def check_of(reference):
        declared = judging.Exercise(reference=reference, **about)

        def check(answer=None, result=judging.NOTHING):
            finding = judging.find(declared, answer, result)
            check.last = answer, finding is None
            words = finding.words if finding else declared.praise
            reporting.report(finding is None, declared.name, words)

        check.__name__ = check.__qualname__ = declared.name
        check.__doc__ = f"Check your function `{declared.name}`; prints one line."
        check.__module__ = reference.__module__
        check.exercise, check.last = declared, (None, False)
        return check

    return check_of
