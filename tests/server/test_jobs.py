"""Periodic jobs: what is due runs, also after a failure."""

import threading

from leanbase.server.jobs import Job, Jobs


def test_a_job_that_fails_runs_again_and_does_not_hold_up_the_others() -> None:
    often, failed = threading.Semaphore(0), threading.Semaphore(0)

    def fail() -> None:
        failed.release()
        raise RuntimeError("broken")

    jobs = Jobs([Job("fails", 0.01, fail), Job("works", 0.01, often.release)])
    jobs.start()
    for _ in range(3):
        assert often.acquire(timeout=10) and failed.acquire(timeout=10)
    jobs.stop()


def test_stop_without_jobs() -> None:
    jobs = Jobs([])
    jobs.start()
    jobs.stop()
