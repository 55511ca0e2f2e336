"""The exercises of notebook 03: reading a loss, and a learning rate that changes."""

import numpy as np

from ..inputs import changed
from ..questions import Question
from . import exercise


@exercise(
    inputs=[
        (3.0, 2.0, 6.0),
        (0.0935, 0.0581, 0.2625),
        (0.16, 0.0584, 0.2628),
        *[(loss, 0.05, 0.25) for loss in (0.1013, 0.05, 0.25, 0.3071, 1.1983, 0.0413)],
    ],
    by_hand=0.75,
    praise="0 at the mean image, 1 at the perfect copy.",
    also=(lambda loss, floor, ceiling: np.interp(loss, [floor, ceiling], [1, 0]),),
    mistakes="""
        (loss - floor) / (ceiling - floor)  # 0 and 1 are exchanged: it is the way that is left.
        (ceiling - loss) / (ceiling - floor) if floor <= loss <= ceiling else {0|1}  # it is cut
            # off: outside of the two the line goes on.
        np.log(ceiling / loss) / np.log(ceiling / floor)  # this is no straight line.
        floor -> {0.058|0.0581} ; ceiling -> {0.2625|0.263} ;
        share_of_the_way(loss, {0.058|0.0581}, {0.2625|0.263})  # use the arguments and no numbers.
    """,
)
def share_of_the_way(loss, floor, ceiling):
    return (ceiling - loss) / (ceiling - floor)


def _history(epochs, seed):
    """What `fit(...).history` holds: a list of floats for each curve, in the notebook's order."""
    rng = np.random.default_rng(seed)
    curves = {}
    for prefix in ("", "val_"):
        bce = 0.09 + 0.2 * np.sort(rng.random(epochs))[::-1]
        curves[f"{prefix}binary_crossentropy"] = bce.tolist()
        curves[f"{prefix}loss"] = (bce + 0.02 * rng.random(epochs)).tolist()
    for prefix in ("", "val_"):
        curves[f"{prefix}accuracy"] = (0.01 * rng.random(epochs)).tolist()
    return curves


def _turned(history):
    """The same curves in another order, `val_loss` first: the names count, not the order."""
    return {name: history[name] for name in ("val_loss", "loss")} | history


@exercise(
    axes={"answer": "epoch"},
    inputs=[
        (
            {
                "binary_crossentropy": [3.0, 2.5],
                "loss": [5.0, 4.0],
                "val_binary_crossentropy": [3.0, 3.0],
                "val_loss": [7.0, 6.0],
                "accuracy": [0.5, 0.25],
                "val_accuracy": [0.5, 0.125],
            },
        ),
        (_history(1, seed=1),),
        (_history(5, seed=2),),
        (_turned(_history(60, seed=3)),),
    ],
    by_hand=np.array([2, 1.5]),
    praise="one penalty for each epoch.",
    mistakes="""
        'loss' -> 'val_loss' ; 'binary_crossentropy' -> 'val_binary_crossentropy' ;
        np.subtract(history['val_loss'], history['{val_binary_crossentropy|loss}']) ;
        'binary_crossentropy' -> 'val_loss'  # there are test images in it: the penalty of the
            # training images is asked for, and their curves have no `val_`.
        x - y -> {x|y}  # this is one of the curves: look at what the loss is made of.
        x - y -> (x - y) {*|/} 1e-4  # λ once more: it is in the loss already.
        'binary_crossentropy' -> 'accuracy' ; np.subtract(*[*history.values()][1::-1])  # another
            # curve, or the order of the curves is counted on: ask for them by their names.
    """,
)
def penalty_curve(history):
    return np.array(history["loss"]) - np.array(history["binary_crossentropy"])


def _brightest(n, seed):
    """Images without ties, and copies that keep the brightest place in about half of them."""
    rng = np.random.default_rng(seed)
    images = rng.permuted(np.tile(np.linspace(0, 0.9, 784), (n, 1)), axis=1).astype("float32")
    copies = rng.permuted(np.tile(np.linspace(0.05, 0.8, 784), (n, 1)), axis=1).astype("float32")
    best, other = images.argmax(axis=1), copies.argmax(axis=1)
    for i in range(0, n, 2):
        copies[i, [best[i], other[i]]] = copies[i, [other[i], best[i]]]
    if n > 3:  # an image and a copy with the same largest value at different places
        images[1, best[1]] = copies[1, other[1]]
        copies[3, 0:3] = images[3, 0:3]
        copies[4] = images[4]
    return images, copies


def _ties_and_edges():
    """The brightest place is shared; it is another, but near, in the same row or column, the first
    or the last of all; or there is none, on a blank page."""
    images, copies = np.zeros((18, 784), "float32"), np.zeros((18, 784), "float32")
    copies[:, 300] = 0.01
    images[0, [5, 9]], copies[0, 9] = 1, 0.7  # the last one in the image: False
    images[1, [5, 9]], copies[1, 5] = 1, 0.7  # the first one in the image: True
    images[2, 5], copies[2, [5, 9]] = 1, 0.7  # the first one in the copy: True
    images[3, 9], copies[3, [5, 9]] = 1, 0.7  # the last one in the copy: False
    images[4, 300:360], copies[4, 300] = 1, 0.7  # so many that sorting mixes them: True
    pairs = [(400, 401), (400, 428), (83, 84), (90, 108), (5, 285)]
    pairs += [(0, 783), (783, 783), (0, 0), (5, 261), (783, 782)]
    for i, (place, other) in enumerate(pairs, start=5):
        images[i, place], copies[i, other] = 1, 0.7
    copies[15, 0], copies[16, 1] = 0.6, 0.6  # images 15 and 16 are blank: place 0 counts
    images[17, 9], copies[17, [8, 9]] = 1, (0.7, 0.70002)
    return images, copies


@exercise(
    axes={"images": "image pixel", "copies": "image pixel", "answer": "image"},
    inputs=[
        (
            changed(np.zeros((2, 784), "float32"), (slice(None), 5), 1),
            changed(changed(np.zeros((2, 784), "float32"), (0, [5, 6]), (0.4, 0.3)), (1, 8), 1),
        ),
        _ties_and_edges(),
        *[_brightest(n, seed) for n, seed in ((1, 1), (5, 2), (7, 3), (6, 4))],
    ],
    by_hand=np.array([True, False]),
    praise="this is what `accuracy` counts.",
    mistakes="""
        images.max(axis=1) == copies.max(axis=1)  # the values are compared: compare places.
        (images == copies){|.all(axis=1)|.mean(axis=1)}  # all pixels are compared, not one place.
        ((images == images.max(1)[:, None]) & (copies == copies.max(1)[:, None])).any(axis=1) ;
        ((images == images.max(1)[:, None]) == (copies == copies.max(1)[:, None])).all(axis=1) ;
        copies[np.arange(len(copies)), images.argmax(axis=1)] == copies.max(axis=1) ;
        images[np.arange(len(images)), copies.argmax(axis=1)] == images.max(axis=1)  # ties: where
            # several pixels share the most ink, the first of them counts.
    """,
)
def same_brightest_pixel(images, copies):
    return images.argmax(axis=1) == copies.argmax(axis=1)


@exercise(
    inputs=[
        (5, 100, 0.01),
        *[(step, 60, 2.0) for step in (2, 6, 17, 50, 59)],
        *[(step, 100, 1.0) for step in (0, 1, 9, 10, 11, 40, 55, 70, 99, 100)],
        *[(step, 2350, 0.01) for step in (0, 100, 235, 236, 1000, 2000, 2349)],
        *[(step, 40, 0.5) for step in (3, 4, 13, 31)],
    ],
    by_hand=0.005,
    praise="up in a straight line, down along half a cosine.",
    atol=1e-6,
    mistakes="""
        warm -> {steps * 0.05|steps * 0.2|steps * 0.3|10|100}  # the warm-up takes a tenth of all.
        step / warm -> {1|step / steps|step|(step / warm) ** 2|(step + 1) / warm} ;
        step / warm -> (1 - np.cos(np.pi * step / warm)) / 2  # in the warm-up it is no straight
            # line from 0 at step 0 to the peak where the warm-up ends.
        done -> {step / steps|(step - warm) / steps|step / (steps - warm)|(step - warm) / warm|
            (step - warm) / (steps - 1 - warm)}
            # the fall begins or ends at another step than the warm-up's last, or the last of all.
        step < warm -> False ; peak * (1 + np.cos(np.pi * step / steps)) / 2  # the warm-up is
            # missing, or overwritten: it rises from 0, up to the peak.
        (1 + wave) / 2 -> {wave|wave / 2|1 + wave|max(0, wave)}  # the half wave is not lifted or
            # shrunk as it should: it goes from 1 at its top to 0.
        (1 + wave) / 2 -> {1 - done|1|(1 + np.sin(np.pi * done)) / 2|(1 - done) ** 2}  # after the
            # warm-up it falls in another form, or not at all: half a cosine is asked for.
        np.pi * done -> {done|180 * done|2 * np.pi * done|np.pi * done / 2|3.14 * done} ;
        wave -> -wave ; (1 + wave) / 2 -> np.cos(np.pi / 2 * done)  # another part of the wave: half
            # of it, from its top to its bottom, goes from 0 to π.
    """,
)
def learning_rate(step, steps, peak):
    warm = steps / 10
    if step < warm:
        return peak * (step / warm)
    done = (step - warm) / (steps - warm)
    wave = np.cos(np.pi * done)
    return peak * ((1 + wave) / 2)


first_epochs = Question(
    name="first_epochs",
    right="b",
    mistakes={
        "a": "then they would be so in the last epoch, too, where the curves lie on each other.",
        "c": "then the training curve would be the lower one.",
        "d": "look at the axis: on the left it is the BCE alone, for both curves.",
    },
    otherwise="answer with one letter, a to d.",
    praise="a mean over the epoch looks back at a worse model.",
)
