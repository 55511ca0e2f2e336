"""The question of notebook 02."""

from .questions import Question

EXERCISES = [
    Question(
        name="which_experiment",
        right="c",
        mistakes={
            "a": "with larger batches there are fewer steps in an epoch, so the two models differ "
            "anyway; and the loss is not the penalty alone.",
            "b": "a mean and a sum both change with the images, so this shows no difference.",
            "d": "many things keep units off: this does not tell what the penalty is.",
        },
        otherwise="answer with one letter, a to d.",
        praise="only the number of images changes, and a sum grows with it.",
    )
]
