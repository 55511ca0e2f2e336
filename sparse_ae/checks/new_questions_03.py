"""The question of notebook 03."""

from .questions import Question

EXERCISES = [
    Question(
        name="first_epochs",
        right="b",
        mistakes={
            "a": "the test images are hardly cheaper: at the end the two curves lie on each other.",
            "c": "then the training curve would be the lower one.",
            "d": "look at the axis: on the left it is the BCE alone, for both curves.",
        },
        otherwise="answer with one letter, a to d.",
        praise="a mean over the epoch looks back at a worse model.",
    )
]
