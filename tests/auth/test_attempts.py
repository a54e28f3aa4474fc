"""The brake on guessing, with a clock of its own."""

from leanbase.auth.attempts import MAX_PER_CLIENT, MAX_PER_EMAIL, MAX_REMEMBERED, WINDOW_SECONDS, SignInLimiter


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_address_waits_until_its_oldest_failure_is_past() -> None:
    clock = Clock()
    limiter = SignInLimiter(clock)
    for number in range(MAX_PER_EMAIL):
        assert limiter.wait_seconds("a@x", "1.1.1.1") == 0
        clock.now = float(number)
        limiter.failed("a@x", "1.1.1.1")
    assert limiter.wait_seconds("a@x", "2.2.2.2") == WINDOW_SECONDS - (MAX_PER_EMAIL - 1)
    assert limiter.wait_seconds("b@x", "1.1.1.1") == 0, "others at the same address may go on"
    clock.now = WINDOW_SECONDS
    assert limiter.wait_seconds("a@x", "1.1.1.1") == 0


def test_a_client_that_tries_many_addresses_waits() -> None:
    limiter = SignInLimiter(Clock())
    for number in range(MAX_PER_CLIENT):
        limiter.failed(f"{number}@x", "1.1.1.1")
    assert limiter.wait_seconds("fresh@x", "1.1.1.1") > 0
    assert limiter.wait_seconds("fresh@x", "2.2.2.2") == 0


def test_a_success_forgives_the_address() -> None:
    limiter = SignInLimiter(Clock())
    for _ in range(MAX_PER_EMAIL):
        limiter.failed("a@x", "1.1.1.1")
    limiter.succeeded("a@x")
    assert limiter.wait_seconds("a@x", "1.1.1.1") == 0


def test_made_up_addresses_do_not_fill_the_memory() -> None:
    limiter = SignInLimiter(Clock())
    for number in range(MAX_REMEMBERED + 100):
        limiter.failed(f"{number}@x", "1.1.1.1")
    assert len(limiter._failures) <= MAX_REMEMBERED
