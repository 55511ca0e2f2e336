"""The commands of the command line: each with its options, and what it does.

What a command needs is imported when it runs: help is given, and mistakes in the options are told,
before the seconds that Keras takes.
"""

import argparse
import contextlib
import errno
import io
import math
import signal
import sys

from ..training import EPOCHS

LARGEST_FLOAT32 = 3.4e38
MOST_UNITS = 16_384  # their codes of all images fill 4 GB


def main(arguments=None):
    """Run one command and return its exit status.

    0 done, 1 failed or a check or the machine is not as wanted, 2 bad arguments, 130 stopped.
    """
    out, error = map(_forgiving, (sys.stdout, sys.stderr))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        try:
            return _main(arguments)
        finally:
            with contextlib.suppress(AttributeError, OSError):  # no stream at all, or a full disk
                out.flush()
                error.flush()


def _main(arguments):
    options = vars(parser().parse_args(arguments))
    run = options.pop("run")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # tidy up as for Ctrl-C
    try:
        done = run(**options)
        print(end="", flush=True)
    except (OSError, TypeError, ValueError, ImportError, MemoryError) as problem:
        print(f"sparse-ae: {_told(problem)}", file=sys.stderr)
        return 2 if isinstance(problem, TypeError | ValueError) else 1
    except KeyboardInterrupt:
        print("\nsparse-ae: stopped; nothing is half-written.", file=sys.stderr)
        return 130
    return 1 if done is False else 0


def parser():
    """The parser of `sparse-ae`; what is parsed has the command's function as `run`."""
    top = _Parser(prog="sparse-ae", description="A course on sparse autoencoders: its commands.")
    top.add_argument("--version", action=_Version, help="say which course this is, and where")
    commands = top.add_subparsers(
        title="commands", required=True, metavar="COMMAND", parser_class=_Parser
    )
    for_students = (_start, _check, _hand_in, _doctor, _explore, _run, _sweep, _notebooks)
    for_instructors = (_exercises, _label, _grade, _marks)
    for command in for_students + for_instructors:
        command(commands)
    return top


def _start(commands):
    start = commands.add_parser(
        "start",
        help="work on the exercises in JupyterLab",
        description="Make blank copies of the notebooks in ./exercises/ and open one in "
        "JupyterLab. Work that is there is kept, also when the course has a newer version. In a "
        "terminal of a Jupyter server, a JupyterHub's for example, it gives that server a kernel "
        "and says where to click.",
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

    def run(notebook, fresh, browser, opened, ip, port):
        from .lab import open_lab, register_kernel
        from .notebooks import find_notebooks
        from .student_folder import exercises_folder, prepare
        from .surroundings import own_kernel_needed

        first, *_ = find_notebooks([name for name in (notebook or fresh,) if name])
        folder = exercises_folder()
        prepare(folder, fresh, kernel=register_kernel() if own_kernel_needed() else None)
        path = folder / first.name
        if opened:
            open_lab(path, browser, ip, port)
        else:
            print(f"ready: {path}")

    start.set_defaults(run=run)


def _check(commands):
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
        help="for each cell with an answer or a check (default: 60); others have ten minutes, and "
        "the whole notebook has fifteen",
    )

    def run(notebook, timeout):
        from .checking import check

        return check(notebook, timeout)

    check.set_defaults(run=run)


def _hand_in(commands):
    hand_in = commands.add_parser(
        "hand-in",
        help="write one zip of your notebooks, after a check",
        description="Run your notebooks, say which checks pass, and write all of them into one "
        "zip, which you hand in. Nothing is overwritten. The exit status is 0 if all checks pass.",
    )
    hand_in.add_argument("name", metavar="NAME", nargs="?", help="yours (default: hand-in)")
    hand_in.add_argument(
        "--no-check", dest="checked", action="store_false", help="only write the zip"
    )

    def run(name, checked):
        from .hand_in import hand_in

        return hand_in(name, checked)

    hand_in.set_defaults(run=run)


def _doctor(commands):
    command = commands.add_parser(
        "doctor",
        help="say whether this machine is ready",
        description="Say in plain words whether this machine is ready for the course, and what "
        "to do where it is not. The exit status is 0 if it is.",
    )

    def run():
        from .doctor import doctor

        return doctor()

    command.set_defaults(run=run)


def _run(commands):
    run = commands.add_parser(
        "run",
        help="train the lesson's model on the bundled MNIST",
        description="Train the lesson's model on the bundled MNIST, print a short report, and "
        "write models, codes, history and pictures into a folder. Nothing is overwritten. The "
        "model is written as soon as it is trained, the pictures at the end: one that cannot be "
        "drawn takes nothing else away. The exit status is 0 only if all is there.",
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
        type=_penalty,
        help="weight of the activity penalty: more makes codes smaller, then empty; 0 for none",
    )
    run.add_argument(
        "--unit-norm",
        action="store_true",
        help="atoms of length 1: long ones can no longer make up for a small code, and the "
        "penalty switches units off; try it with --l1 2e-4",
    )
    run.add_argument(
        "--code-size",
        metavar="N",
        type=_whole_number(1, MOST_UNITS),
        help="units of the hidden layer: more keep more of the image",
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

    def train(out=None, recipe="lesson", epochs=None, **options):
        from ..support.keras_version import check_keras, check_name

        check_keras()  # in a moment, where importing Keras takes seconds
        for kind in ("loss", "optimizer"):
            check_name(kind, options[kind])
        from ..jobs.main_job import FILES, run
        from ..jobs.run_folder import choose_folder

        if recipe == "quick" and options["optimizer"] != "adam":
            raise ValueError(
                "--recipe quick brings its own optimizer and cannot take "
                f"{options['optimizer']}: leave out one of the two."
            )
        folder = choose_folder(FILES, out)
        options |= {"recipe": recipe, "epochs": epochs or EPOCHS[recipe]}
        atoms = ", atoms of length 1" if options["unit_norm"] else ""
        print(
            f"784 → {options['code_size']} → 784, λ {options['l1']:g}{atoms}, 60,000 digits, "
            f"epochs: {options['epochs']}; the results go to {folder}/",
            flush=True,
        )
        return run(folder, **options)

    run.set_defaults(run=train, batch_size=256, l1=1e-4, code_size=32, seed=0)


def _sweep(commands):
    command = commands.add_parser(
        "sweep",
        help="train a grid of models in all cores, or on a cluster",
        description="Train each variant with each λ, k or β, each code size and each seed by the "
        "quick recipe, and write a table of their measures on the test images. Stopped at any "
        "moment, it goes on with the same command.",
    )
    command.add_argument(
        "--out", metavar="DIR", default="sparse-ae-sweep", help="the folder (default: %(default)s)"
    )
    # The names stand in ..jobs.sweep.SETTINGS too, which imports NumPy.
    variants = ("free", "unit", "priced", "gated", "topk", "topk_resampled", "kl", "plain")
    command.add_argument(
        "--variant",
        nargs="+",
        choices=variants,
        default=["unit"],
        help="free: L1; unit: L1 and atoms of length 1; priced: L1 priced by atom length; gated; "
        "topk, with dead units resampled or without; kl; plain: no penalty (default: unit)",
    )
    numbers = dict(nargs="+", type=_penalty)
    command.add_argument(
        "--l1", metavar="λ", default=[1e-4, 2e-4, 4e-4], help="default: 1e-4 2e-4 4e-4", **numbers
    )
    command.add_argument(
        "--k", metavar="K", nargs="+", type=_whole_number(0), default=[4, 8, 16],
        help="units that topk leaves on (default: 4 8 16)",
    )  # fmt: skip
    command.add_argument(
        "--beta", metavar="β", default=[2e-2], help="weight of kl (default: 2e-2)", **numbers
    )
    command.add_argument(
        "--code-size", metavar="N", nargs="+", type=_whole_number(1, MOST_UNITS), default=[32],
        help="units of the hidden layer (default: 32)",
    )  # fmt: skip
    command.add_argument(
        "--seeds", metavar="N", type=_whole_number(1), default=1, help="of each (default: 1)"
    )
    command.add_argument(
        "--epochs", metavar="N", type=_whole_number(1), default=EPOCHS["quick"],
        help="of the quick recipe (default: %(default)s)",
    )  # fmt: skip
    command.add_argument(
        "--course", action="store_true", help="the grid whose results the course ships, instead"
    )
    command.add_argument(
        "--jobs", metavar="N", type=_whole_number(1, 512),
        help="processes (default: one per core, as far as the memory goes)",
    )  # fmt: skip
    command.add_argument(
        "--dask", metavar="ADDRESS", help="train on the workers of this Dask scheduler instead"
    )

    def run(out, variant, code_size, seeds, epochs, course, jobs, dask, **values):
        from ..support.keras_version import check_keras

        check_keras()
        from ..jobs.sweep import course_grid, grid, sweep

        runs = course_grid() if course else grid(variant, code_size, seeds, epochs, **values)
        return sweep(out, runs, jobs=jobs, dask=dask, ship=course)

    command.set_defaults(run=run)


def _explore(commands):
    explore = commands.add_parser(
        "explore",
        help="play with trained models in one page: pick or draw a digit, see its code",
        description="Write the explorer, one page that needs no server and no network, and open "
        "it in the browser: draw a digit, see its code and its copy, turn λ and k, switch units "
        "off, search for a better code, guess digits from their codes.",
    )
    explore.add_argument(
        "--out", metavar="FILE", help="only write the page (default: ./explorer.html, and open it)"
    )

    def run(out):
        from ..support.keras_version import check_keras

        check_keras()
        from ..jobs.explorer import NAME, write_page

        path = write_page(NAME if out is None else out)
        print(f"the explorer is in {path}", flush=True)
        if out is None:
            import webbrowser

            from .lab import has_screen

            if has_screen():
                webbrowser.open(path.resolve().as_uri())

    explore.set_defaults(run=run)


def _notebooks(commands):
    notebooks = commands.add_parser(
        "notebooks",
        help="copy the course's notebooks, solutions and all, into a folder",
        description="Copy the course's notebooks into a folder. A file that is there is kept.",
    )
    notebooks.add_argument(
        "--out", metavar="DIR", default="notebooks", help="the folder (default: notebooks)"
    )

    def run(out):
        from .notebooks import copy_notebooks

        copy_notebooks(out)

    notebooks.set_defaults(run=run)


def _exercises(commands):
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

    def run(notebooks, out, solutions):
        from .blanks import write_exercises

        write_exercises(out, notebooks, solutions)

    exercises.set_defaults(run=run)


def _label(commands):
    label = commands.add_parser(
        "label",
        help="give new exercises their ids and metadata (for instructors)",
        description="Give the cells of the exercises in the course's notebooks the ids, tags and "
        "metadata that nbgrader and the blank copies need, derived from what is in the cells.",
    )
    label.add_argument("notebooks", metavar="NN", nargs="*", help="which (default: all)")

    def run(notebooks):
        from .labels import label_exercises

        label_exercises(notebooks)

    label.set_defaults(run=run)


def _grade(commands):
    grade = commands.add_parser(
        "grade",
        help="grade a class with nbgrader, several students at once (for instructors)",
        description="Run nbgrader's autograde in the class folder, in a process for each student, "
        "and name in the last lines whoever has no mark. The exit status is 0 if none failed.",
    )
    grade.add_argument("names", metavar="NAME", nargs="*", help="of a student (default: all)")
    grade.add_argument(
        "--jobs",
        metavar="N",
        type=_whole_number(1, 1000),
        help="students at a time (default: as many as there are cores and memory for)",
    )
    grade.add_argument("--force", action="store_true", help="grade again who was graded before")

    def run(names, jobs, force):
        from .grade_class import grade

        return grade(names, jobs, force)

    grade.set_defaults(run=run)


def _marks(commands):
    marks = commands.add_parser(
        "marks",
        help="show the marks of a class, by student and exercise (for instructors)",
        description="Print the marks that are in the gradebook of the class folder, and the share "
        "of the class that has each exercise right; name whoever has no mark, or not for all.",
    )
    marks.add_argument("--out", metavar="FILE", help="write the table as CSV, too")

    def run(out):
        from .marks import print_marks

        print_marks(out)

    marks.set_defaults(run=run)


class _Parser(argparse.ArgumentParser):
    """An argument parser that answers a mistake with one sentence instead of its usage."""

    def error(self, message):
        self.exit(2, f"{self.prog}: {message}; see {self.prog} --help\n")


class _Version(argparse.Action):
    """Looked up only when it is asked for."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, nargs=0, default=argparse.SUPPRESS, **options)

    def __call__(self, parser, *_):
        import sparse_ae

        python = ".".join(map(str, sys.version_info[:3]))
        where = sparse_ae.__path__[0]
        print(f"sparse-ae {sparse_ae.__version__} in {where}, Python {python} at {sys.executable}")
        parser.exit()


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


def _penalty(text):
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number <= LARGEST_FLOAT32:  # NaN is not
        raise argparse.ArgumentTypeError(
            f"must be a finite number, zero or larger, and is {text!r}: try 1e-4, or 0 for none"
        )
    return number


def _forgiving(stream):
    """A stream like this one for which no letter is too strange and no reader may be missed.

    An old code page has no λ and no arrow. In `sparse-ae run | head -1` the reader goes away; the
    command does its work to the end, and what it says goes nowhere.
    """
    if not hasattr(stream, "reconfigure"):
        return stream
    stream.reconfigure(errors="replace")
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if type(raw) is not io.FileIO:  # the console of Windows
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(_UnreadPipe(raw.fileno(), "wb", closefd=False)),
        encoding=stream.encoding,
        errors="replace",
        line_buffering=stream.line_buffering or stream.write_through,
    )


class _UnreadPipe(io.FileIO):
    def write(self, data):
        try:
            return super().write(data)
        except BrokenPipeError:
            return len(data)


def _told(problem):
    """One sentence; what the system says of a file gets a remedy."""
    if not isinstance(problem, OSError) or problem.errno is None:
        return str(problem) or type(problem).__name__
    where = f"{problem.filename}: " if problem.filename else ""
    return f"{where}{problem.strerror}: {_REMEDIES.get(problem.errno, 'look at what you gave')}."


_REMEDIES = {
    errno.ENOSPC: "make room, then run the command again",
    errno.EDQUOT: "your share of the disk is used up: make room, then run the command again",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f), or choose another disk",
    errno.EMFILE: "raise the limit on open files (ulimit -n), then run the command again",
    errno.ENFILE: "close other programs, then run the command again",
    errno.EIO: "the disk does not answer: choose a folder on another one",
    errno.EACCES: "choose a folder of your own",
    errno.EPERM: "choose a folder of your own",
    errno.EROFS: "choose a folder of your own",
    errno.ENAMETOOLONG: "choose a shorter name",
}
