"""The checks of the course's exercises: `checks.units_on(units_on)` in a notebook.

Each check prints one line: `✓ …`, or `✗ …` with what is wrong and where to look. None of them
raises. Where the exercise also asks for a value, it is the second argument.
"""

from . import judging
from .exercises import (
    nb01_mnist,
    nb02_autoencoder,
    nb03_training,
    nb04_features,
    nb05_reconstructions,
    nb06_experiments,
)
from .exercises.nb01_mnist import bce_of_copies, scale_images
from .exercises.nb02_autoencoder import activity_penalty, count_parameters, decode, kernel_penalty
from .exercises.nb03_training import (
    learning_rate,
    penalty_curve,
    same_brightest_pixel,
    share_of_the_way,
)
from .exercises.nb04_features import dead_units, encode_by_hand, firing_rates_of, rescale, units_on
from .exercises.nb05_reconstructions import keep_strongest, switch_off, worst_digits
from .exercises.nb06_experiments import best_rates, code_penalty, not_beaten
from .questions import Question

_MODULES = (
    nb01_mnist,
    nb02_autoencoder,
    nb03_training,
    nb04_features,
    nb05_reconstructions,
    nb06_experiments,
)
# Functions by `@exercise` and questions, by name. The imports above are for editors and readers.
_CHECKS = {
    check.__name__: check
    for module in _MODULES
    for check in vars(module).values()
    if hasattr(check, "exercise") or isinstance(check, Question)
}
EXERCISES = {name: check.exercise for name, check in _CHECKS.items()}
NAMES = list(EXERCISES)
__all__ = [  # noqa: PLE0604
    "NAMES",
    "if_right",
    "judge",
    *NAMES,
]


def judge(name, answer, result=judging.NOTHING):
    """Whether an answer passes, and the line to say: `(bool, str)`. Prints nothing.

    name: one of NAMES. answer: the student's function, or a value where the exercise is a
    question. result: what the function was used to compute, for the exercises that ask for it.
    Raises ValueError for another name.
    """
    if name not in EXERCISES:
        raise ValueError(f"name must be one of {', '.join(NAMES)} and is {name!r}.")
    return judging.judge(EXERCISES[name], answer, result)


def if_right(mine, otherwise):
    """Your own function if it passes its check, else the package's: `otherwise`.

    mine: a function with the name of an exercise, solved or not. Prints nothing and raises nothing.
    """
    name = getattr(mine, "__name__", None) or type(mine).__name__
    if name not in _CHECKS:
        return otherwise
    answer, passed = getattr(_CHECKS[name], "last", (None, False))
    if answer is not mine:
        passed, _ = judge(name, mine)
    return mine if passed else otherwise


def __getattr__(name):
    if name in _CHECKS:  # one that is not yet among the imports above
        return _CHECKS[name]
    raise AttributeError(f"there is no check named {name!r}: there are {', '.join(NAMES)}.")
