"""Numbers that a caller gives, looked at: one sentence for what cannot be used."""

import numbers

import numpy as np


def number(name, value, example="1e-4"):
    """`value` as a float, if it is a finite number of at least zero. TypeError, ValueError."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a number and is {value!r}: try {example}.")
    if not 0 <= value <= np.finfo(np.float32).max:  # NaN is not
        raise ValueError(
            f"{name} must be a finite number, zero or larger, and is {value}: try {example}."
        )
    return float(value)


def whole_number(name, value, least, example):
    """`value` as an int, if it is a whole number of at least `least`. TypeError, ValueError."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral):
        raise TypeError(f"{name} must be a whole number and is {value!r}: try {example}.")
    if value < least:
        raise ValueError(f"{name} must be at least {least} and is {value}: try {example}.")
    return int(value)
