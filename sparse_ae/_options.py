"""The options of the command line."""

import argparse

from .recipes import EPOCHS

_LESSON = dict(batch_size=256, l1=1e-4, code_size=32, seed=0)


def parser():
    """The parser of `sparse-ae`; the parsed options have the command's name as `command`."""
    top = _Parser(prog="sparse-ae", description="A course on sparse autoencoders: its commands.")
    commands = top.add_subparsers(
        title="commands", required=True, metavar="COMMAND", dest="command", parser_class=_Parser
    )
    for_students = (_add_start, _add_check, _add_doctor, _add_run, _add_notebooks)
    for_instructors = (_add_exercises, _add_label)
    for add in for_students + for_instructors:
        add(commands)
    return top


class _Parser(argparse.ArgumentParser):
    """An argument parser that answers a mistake with one sentence instead of its usage."""

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _add_start(commands):
    start = commands.add_parser(
        "start",
        help="work on the exercises in JupyterLab",
        description="Make blank copies of the notebooks in ./exercises/ and open one in "
        "JupyterLab. Work that is there is kept, also when the course has a newer version.",
    )
    start.add_argument("notebook", metavar="NN", nargs="?", help="the one to open (default: 01)")
    start.add_argument(
        "--fresh", metavar="NN", help="a new blank of this one; the old is kept under a dated name"
    )
    start.add_argument(
        "--no-browser", dest="browser", action="store_false", help="only print the address"
    )
    start.add_argument(
        "--no-open", dest="opened", action="store_false", help="only make the copies"
    )
    start.add_argument("--port", metavar="N", type=_whole_number(1, 65535), help="of the server")
    start.add_argument(
        "--ip", metavar="IP", help="where it listens; in a container 0.0.0.0 lets the host reach it"
    )


def _add_check(commands):
    check = commands.add_parser(
        "check",
        help="run a notebook of yours and see which checks pass",
        description="Run a notebook without changing it and print a line for each of its checks. "
        "The exit status is 0 only if all pass.",
    )
    check.add_argument("notebook", metavar="NN", help="its number, or the path of a file")
    check.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_whole_number(1),
        default=60,
        help="for each cell with an answer or a check (default: 60); others have ten minutes",
    )


def _add_doctor(commands):
    commands.add_parser(
        "doctor",
        help="say whether this machine is ready",
        description="Say in plain words whether this machine is ready for the course, and what "
        "to do where it is not. The exit status is 0 if it is.",
    )


def _add_run(commands):
    run = commands.add_parser(
        "run",
        help="train the lesson's model on the bundled MNIST",
        description="Train the lesson's model on the bundled MNIST, print a short report, and "
        "write models, codes, history and pictures into a folder. Nothing is overwritten.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    run.add_argument(
        "--out",
        metavar="DIR",
        help="the folder to write into; by default sparse-ae-run, or sparse-ae-run-2 and so on "
        "where that exists",
        default=argparse.SUPPRESS,
    )
    number = dict(metavar="N", type=_whole_number(1))
    run.add_argument(
        "--recipe",
        choices=EPOCHS,
        default="lesson",
        help="lesson: Adam as it comes; quick: a schedule that reaches the same quality sooner",
    )
    run.add_argument(
        "--epochs",
        default=argparse.SUPPRESS,
        help="passes over the training images; by default "
        + ", ".join(f"{number} ({recipe})" for recipe, number in EPOCHS.items()),
        **number,
    )
    run.add_argument(
        "--batch-size",
        help="images per step: fewer give more, noisier steps in an epoch",
        **number,
    )
    run.add_argument(
        "--l1",
        metavar="λ",
        type=float,
        help="weight of the activity penalty: more makes codes smaller, then empty; 0 for none",
    )
    run.add_argument(
        "--code-size", help="units of the hidden layer: more keep more of the image", **number
    )
    run.add_argument(
        "--loss",
        metavar="NAME",
        default="binary_crossentropy",
        help="any Keras loss, for example mean_squared_error: how a wrong pixel is charged",
    )
    run.add_argument(
        "--optimizer",
        metavar="NAME",
        default="adam",
        help="any Keras optimizer, for example sgd or rmsprop: how a step follows the gradient",
    )
    run.add_argument(
        "--seed",
        metavar="N",
        type=_whole_number(0),
        help="of the first weights and the shuffling: the same seed gives the same numbers",
    )
    run.set_defaults(**_LESSON)


def _add_notebooks(commands):
    notebooks = commands.add_parser(
        "notebooks",
        help="copy the course's notebooks, solutions and all, into a folder",
        description="Copy the course's notebooks into a folder. A file that is there is kept.",
    )
    notebooks.add_argument(
        "--out", metavar="DIR", default="notebooks", help="the folder (default: notebooks)"
    )


def _add_exercises(commands):
    exercises = commands.add_parser(
        "exercises",
        help="write blank copies of the notebooks (for instructors)",
        description="Write blank copies of the notebooks into a folder: no solutions, no outputs. "
        "Nothing is overwritten.",
    )
    exercises.add_argument("notebooks", metavar="NN", nargs="*", help="which (default: all)")
    exercises.add_argument("--out", metavar="DIR", required=True, help="the folder to write into")
    exercises.add_argument(
        "--solutions", action="store_true", help="write the complete notebooks instead"
    )


def _add_label(commands):
    label = commands.add_parser(
        "label",
        help="give new exercises their ids and metadata (for instructors)",
        description="Give the cells of the exercises in the course's notebooks the ids, tags and "
        "metadata that nbgrader and the blank copies need, derived from what is in the cells.",
    )
    label.add_argument("notebooks", metavar="NN", nargs="*", help="which (default: all)")


def _whole_number(least, most=2**32 - 1):
    def parse(text):
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(
                f"must be a whole number of at least {least} and is {text!r}"
                if number < least
                else f"must be at most {most} and is {text!r}"
            )
        return number

    return parse
