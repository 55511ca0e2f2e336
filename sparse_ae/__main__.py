"""The command line: `sparse-ae` or `python -m sparse_ae`."""

import errno
import signal
import sys

from ._options import parser
from .recipes import EPOCHS


def main(arguments=None):
    """Run one command and return its exit status.

    0 done, 1 failed or a check or the machine is not as wanted, 2 bad arguments, 130 stopped.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # an old code page has no λ and no arrow
            stream.reconfigure(errors="replace")
    options = vars(parser().parse_args(arguments))
    command = _COMMANDS[options.pop("command")]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # tidy up as for Ctrl-C
    try:
        done = command(**options)
    except (OSError, TypeError, ValueError, ImportError, MemoryError) as problem:
        print(f"sparse-ae: {_told(problem)}", file=sys.stderr)
        return 2 if isinstance(problem, TypeError | ValueError) else 1
    except KeyboardInterrupt:
        print("\nsparse-ae: stopped; nothing is half-written.", file=sys.stderr)
        return 130
    return 1 if done is False else 0


def _told(problem):
    """One sentence; what the system says of a file gets a remedy."""
    if not isinstance(problem, OSError) or problem.errno is None:
        return str(problem) or type(problem).__name__
    where = f"{problem.filename}: " if problem.filename else ""
    return f"{where}{problem.strerror}: {_REMEDIES.get(problem.errno, 'look at what you gave')}."


_REMEDIES = {
    errno.ENOSPC: "make room, then run the command again",
    errno.EACCES: "choose a folder of your own",
    errno.EPERM: "choose a folder of your own",
    errno.EROFS: "choose a folder of your own",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def _run(out=None, recipe="lesson", epochs=None, **options):
    if recipe == "quick" and options["optimizer"] != "adam":
        raise ValueError(
            f"--recipe quick brings its own optimizer and cannot take {options['optimizer']}: "
            "leave out one of the two."
        )
    from ._versions import check_keras

    check_keras()  # in a moment, where importing Keras takes seconds
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


def _exercises(notebooks, out, solutions):
    from .exercises import write_exercises

    write_exercises(out, notebooks, solutions)


def _label(notebooks):
    from .label import label_exercises

    label_exercises(notebooks)


def _start(notebook, fresh, browser, opened, ip, port):
    from .classroom import exercises_folder, prepare
    from .lab import open_lab
    from .notebooks import find_notebooks

    first, *_ = find_notebooks([name for name in (notebook or fresh,) if name])
    folder = exercises_folder()
    prepare(folder, fresh)
    path = folder / first.name
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


_COMMANDS = {
    "start": _start,
    "check": _check,
    "doctor": _doctor,
    "run": _run,
    "notebooks": _notebooks,
    "exercises": _exercises,
    "label": _label,
}

if __name__ == "__main__":
    sys.exit(main())
