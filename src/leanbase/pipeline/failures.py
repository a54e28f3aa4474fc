"""Which failures go away by themselves, and which lie in the data."""

import sqlite3

from leanbase.store.client import StoreError

_IN_THE_DATA = frozenset(
    {
        6,  # CANNOT_PARSE_TEXT
        20,  # NUMBER_OF_COLUMNS_DOESNT_MATCH
        26,  # CANNOT_PARSE_QUOTED_STRING
        27,  # CANNOT_PARSE_INPUT_ASSERTION_FAILED
        33,  # CANNOT_READ_ALL_DATA
        38,  # CANNOT_PARSE_DATE
        41,  # CANNOT_PARSE_DATETIME
        53,  # TYPE_MISMATCH
        69,  # ARGUMENT_OUT_OF_BOUND
        70,  # CANNOT_CONVERT_TYPE
        117,  # INCORRECT_DATA
        131,  # TOO_LARGE_STRING_SIZE
        349,  # CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
        376,  # CANNOT_PARSE_UUID
    }
)


def is_transient(problem: BaseException) -> bool:
    """Whether repeating the same turn later may succeed: a full disk, no memory, a store or database that is away.

    A refusal that the store gives for what it was sent is not; nor is a bug of ours. An unknown refusal counts as
    transient: waiting loses nothing, while cutting a range apart for a store that is ill would set good records aside.
    """
    if isinstance(problem, StoreError):
        return problem.code not in _IN_THE_DATA
    return isinstance(problem, OSError | MemoryError | sqlite3.OperationalError)
