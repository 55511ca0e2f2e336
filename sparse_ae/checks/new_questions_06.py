"""The question of notebook 06."""

from .questions import Question

EXERCISES = [
    Question(
        name="which_experiment",
        right="b",
        mistakes={
            "a": "after more epochs, too, λ weighs more beside the squared error: both causes "
            "would still be there.",
            "c": "other seeds tell whether the difference is chance, not where it comes from.",
            "d": "with a larger λ, too, the penalty weighs more beside the squared error: both "
            "causes would still be there.",
        },
        otherwise="answer with one letter, a to d.",
        praise="one cause is taken away, the other stays: what is left is its work.",
    )
]
