"""Around a student's function: no output, no warnings, a time limit, and nothing left behind.

This keeps a notebook tidy. It protects against nothing: the function runs in the same process.
"""

import contextlib
import io
import logging
import random
import signal
import sys
import threading
import warnings

import numpy as np

SECONDS_OF_WORK = 10  # of this process, not of the clock: other programs do not count
SECONDS_IN_ALL = 60  # for a function that only waits


class TooSlow(BaseException):
    """Not an Exception, so that the student's own `except Exception` does not catch it."""


@contextlib.contextmanager
def quiet():
    """Swallow prints, figures and warnings; put random states and NumPy's settings back."""
    numpy_state, python_state = np.random.get_state(), random.getstate()  # noqa: NPY002
    pyplot = sys.modules.get("matplotlib.pyplot")
    figures = set(pyplot.get_fignums()) if pyplot else set()
    printing = np.get_printoptions()
    logged = logging.root.manager.disable
    logging.disable(logging.WARNING)  # TensorFlow's advice on a student's own `tf.function`
    try:
        with (
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
            _captured(),
            _time_limit("ITIMER_REAL", "SIGALRM", SECONDS_IN_ALL),
            _time_limit("ITIMER_PROF", "SIGPROF", SECONDS_OF_WORK),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(python_state)
        np.set_printoptions(**printing)
        logging.disable(logged)
        pyplot = sys.modules.get("matplotlib.pyplot")
        for number in set(pyplot.get_fignums()) - figures if pyplot else ():
            pyplot.close(number)


@contextlib.contextmanager
def _captured():
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython() is not None:
        from IPython.utils.capture import capture_output  # displays, too

        with capture_output():
            yield
    else:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            yield


@contextlib.contextmanager
def _time_limit(timer, sign, seconds):
    """Raise TooSlow in a function that does not end. Only where the system has such a timer."""
    timer, sign = getattr(signal, timer, None), getattr(signal, sign, None)
    if (
        timer is None
        or sign is None
        or threading.current_thread() is not threading.main_thread()
        or signal.getitimer(timer)[0]
    ):
        yield
        return

    def stop(number, frame):
        raise TooSlow(seconds)

    before = signal.signal(sign, stop)
    signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(sign, before)
