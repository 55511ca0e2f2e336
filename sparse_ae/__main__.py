"""The command line: `sparse-ae` or `python -m sparse_ae`."""

import argparse
import signal
import sys
from pathlib import Path

_LESSON = dict(epochs=50, batch_size=256, l1=1e-4, code_size=32, seed=0)


def main(arguments=None):
    """Run one command; return its exit status: 0 done, 1 failed, 2 bad arguments, 130 stopped."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # an old code page has no λ and no arrow
            stream.reconfigure(errors="replace")
    options = vars(_parser().parse_args(arguments))
    command = options.pop("command")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # tidy up as for Ctrl-C
    try:
        done = command(**options)
    except (OSError, TypeError, ValueError, ImportError, MemoryError) as problem:
        print(f"sparse-ae: {problem or type(problem).__name__}", file=sys.stderr)
        return 2 if isinstance(problem, TypeError | ValueError) else 1
    except KeyboardInterrupt:
        print("\nsparse-ae: stopped; nothing is half-written.", file=sys.stderr)
        return 130
    return 1 if done is False else 0


def _run(out=None, **options):
    from .run import choose_folder, run

    folder = choose_folder(out)
    print(
        f"784 → {options['code_size']} → 784, λ {options['l1']:g}, 60,000 digits, "
        f"epochs: {options['epochs']}; the results go to {folder}/",
        flush=True,
    )
    run(folder, **options)
    print(f"written to {folder}/")


def _notebooks(out):
    from .notebooks import copy_notebooks

    copy_notebooks(out)


def _exercises(notebooks, out, solutions):
    from .exercises import write_exercises

    write_exercises(out, notebooks, solutions)


def _start(notebook, fresh, browser, opened, ip, port):
    from .classroom import FOLDER, prepare
    from .lab import open_lab
    from .notebooks import find_notebooks

    first, *_ = find_notebooks([name for name in (notebook or fresh,) if name])
    prepare(fresh=fresh)
    path = Path(FOLDER) / first.name
    if opened:
        open_lab(path, browser, ip, port)
    else:
        print(f"ready: {path}")


def _check(notebook, timeout):
    from .runner import check

    return check(notebook, timeout)


def _doctor():
    from .doctor import doctor

    return doctor()


class _Parser(argparse.ArgumentParser):
    """An argument parser that answers a mistake with one sentence instead of its usage."""

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser():
    parser = _Parser(prog="sparse-ae", description="A course on sparse autoencoders: its commands.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    run = commands.add_parser(
        "run",
        help="train the lesson's model on the bundled MNIST",
        description="Train the lesson's model on the bundled MNIST, print a short report, and "
        "write models, codes, history and pictures into a folder. Nothing is overwritten.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    run.set_defaults(command=_run)
    run.add_argument(
        "--out",
        metavar="DIR",
        help="the folder to write into; by default sparse-ae-run, or sparse-ae-run-2 and so on "
        "where that exists",
        default=argparse.SUPPRESS,
    )
    number = dict(metavar="N", type=_whole_number(1))
    run.add_argument("--epochs", help="passes over the training images", **number)
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

    notebooks = commands.add_parser(
        "notebooks",
        help="copy the course's notebooks into a folder",
        description="Copy the course's notebooks into a folder. A file that is there is kept.",
    )
    notebooks.set_defaults(command=_notebooks)
    notebooks.add_argument(
        "--out", metavar="DIR", default="notebooks", help="the folder (default: notebooks)"
    )
    _add_classroom(commands)
    return parser


def _add_classroom(commands):
    """The commands for students and instructors."""
    start = commands.add_parser(
        "start",
        help="work on the exercises in JupyterLab",
        description="Make blank copies of the notebooks in ./exercises/ and open one in "
        "JupyterLab. Work that is there is kept, also when the course has a newer version.",
    )
    start.set_defaults(command=_start)
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
    start.add_argument("--port", metavar="N", type=_whole_number(1, 65535), help="for the server")
    start.add_argument(
        "--ip", metavar="IP", help="where it listens; in a container 0.0.0.0 lets the host reach it"
    )

    check = commands.add_parser(
        "check",
        help="run a notebook of yours and see which checks pass",
        description="Run a notebook without changing it and print a line for each of its checks. "
        "The exit status is 0 only if all pass.",
    )
    check.set_defaults(command=_check)
    check.add_argument("notebook", metavar="NN", help="its number, or the path of a file")
    check.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_whole_number(1),
        default=60,
        help="for each cell with an answer or a check (default: 60); others have ten minutes",
    )

    doctor = commands.add_parser(
        "doctor",
        help="say whether this machine is ready",
        description="Say in plain words whether this machine is ready for the course, and what "
        "to do where it is not. The exit status is 0 if it is.",
    )
    doctor.set_defaults(command=_doctor)

    exercises = commands.add_parser(
        "exercises",
        help="write blank copies of the notebooks (for instructors)",
        description="Write blank copies of the notebooks into a folder: no solutions, no outputs. "
        "Nothing is overwritten.",
    )
    exercises.set_defaults(command=_exercises)
    exercises.add_argument("notebooks", metavar="NN", nargs="*", help="which (default: all)")
    exercises.add_argument("--out", metavar="DIR", required=True, help="the folder to write into")
    exercises.add_argument(
        "--solutions", action="store_true", help="write the complete notebooks instead"
    )


def _whole_number(least, most=2**32 - 1):
    def parse(text):
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(
                f"must be a whole number of at least {least} and is {text!r}"
            )
        return number

    return parse


if __name__ == "__main__":
    sys.exit(main())
