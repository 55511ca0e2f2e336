"""Processes that run side by side, a log for each, and end together."""

import signal
import subprocess
from concurrent.futures import CancelledError, ThreadPoolExecutor


def side_by_side(jobs, one, items):
    """[one(item, run), …] for each of `items`, `jobs` of them at a time.

    run(command, log, environment) waits for a process whose output goes to the file `log`, and
    returns its exit status. After an exception, Ctrl-C among them, the processes that run are
    interrupted, so that they can take back what is half done, and no other begins.
    """
    running, stopped = set(), []

    def run(command, log, environment):
        with log.open("w", encoding="utf-8") as file:
            process = subprocess.Popen(command, stdout=file, stderr=file, env=environment)
            running.add(process)
            status = process.wait()
            running.discard(process)
        if stopped:
            raise CancelledError
        return status

    with ThreadPoolExecutor(jobs) as pool:
        tasks = [pool.submit(one, item, run) for item in items]
        try:
            return [task.result() for task in tasks]
        except BaseException:
            stopped.append(True)
            pool.shutdown(wait=False, cancel_futures=True)
            for process in list(running):
                process.send_signal(signal.SIGINT)
            raise
