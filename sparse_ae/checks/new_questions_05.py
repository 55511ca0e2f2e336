"""The question of notebook 05."""

from .questions import Question

EXERCISES = [
    Question(
        name="which_atom",
        right="b",
        mistakes={
            "a": "this atom paints a 9, and both 9s at the right end look as before: where has "
            "ink gone, and what shape had it?",
            "c": "this atom paints a ring, and the 0 looks as before: where has ink gone, and "
            "what shape had it?",
            "d": "this atom paints an upright stroke, and both 1s look as before: where has ink "
            "gone, and what shape had it?",
        },
        otherwise="answer with one letter, a to d.",
        praise="its shape is what the changed digits have lost.",
    )
]
