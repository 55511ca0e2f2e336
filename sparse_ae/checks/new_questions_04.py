"""The question of notebook 04."""

from .questions import Question

EXERCISES = [
    Question(
        name="which_is_sparse",
        right="c",
        mistakes={
            "a": "hardly a dot in this row: nearly all of its units are on.",
            "b": "its bars are low, and hardly one of its units is off: small is not sparse, so "
            "look for the dots.",
        },
        otherwise="answer with one letter, a to c.",
        praise="few units on, whatever the size of their bars.",
    )
]
