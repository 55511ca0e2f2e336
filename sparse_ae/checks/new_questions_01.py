"""The question of notebook 01."""

from .questions import Question

EXERCISES = [
    Question(
        name="below_the_floor",
        right="b",
        mistakes={
            "a": "no network gets below what a perfect copy costs, and on our test images that is "
            "more than 0.031.",
            "c": "longer training leads towards the floor and never below it.",
            "d": "all images have equally many pixels, so both ways give the same mean.",
        },
        otherwise="answer with one letter, a to d.",
        praise="other images have another floor.",
    )
]
