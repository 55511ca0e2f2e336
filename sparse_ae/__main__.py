"""The command line: `sparse-ae` or `python -m sparse_ae`."""

import argparse
import signal
import sys

from .recipes import LESSON_EPOCHS, QUICK_EPOCHS

EPOCHS = {"lesson": LESSON_EPOCHS, "quick": QUICK_EPOCHS}
_LESSON = dict(batch_size=256, l1=1e-4, code_size=32, seed=0)


def main(arguments=None):
    """Run one command; return its exit status: 0 done, 1 failed, 2 bad arguments, 130 stopped."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # an old code page has no λ and no arrow
            stream.reconfigure(errors="replace")
    options = vars(_parser().parse_args(arguments))
    command = options.pop("command")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # tidy up as for Ctrl-C
    try:
        command(**options)
    except (OSError, TypeError, ValueError, ImportError, MemoryError) as problem:
        print(f"sparse-ae: {problem or type(problem).__name__}", file=sys.stderr)
        return 2 if isinstance(problem, TypeError | ValueError) else 1
    except KeyboardInterrupt:
        print("\nsparse-ae: stopped, nothing was written.", file=sys.stderr)
        return 130
    return 0


def _run(out=None, recipe="lesson", epochs=None, **options):
    if recipe == "quick" and options["optimizer"] != "adam":
        raise ValueError(
            f"--recipe quick brings its own optimizer and cannot take {options['optimizer']}: "
            "leave out one of the two."
        )
    from .run import choose_folder, run

    folder = choose_folder(out)
    options |= {"recipe": recipe, "epochs": epochs or EPOCHS[recipe]}
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

    notebooks = commands.add_parser(
        "notebooks",
        help="copy the course's notebooks into a folder",
        description="Copy the course's notebooks into a folder. A file that is there is kept.",
    )
    notebooks.set_defaults(command=_notebooks)
    notebooks.add_argument(
        "--out", metavar="DIR", default="notebooks", help="the folder (default: notebooks)"
    )
    return parser


def _whole_number(least):
    def parse(text):
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number < 2**32:
            raise argparse.ArgumentTypeError(
                f"must be a whole number of at least {least} and is {text!r}"
            )
        return number

    return parse


if __name__ == "__main__":
    sys.exit(main())
