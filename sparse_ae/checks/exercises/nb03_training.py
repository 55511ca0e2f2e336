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
        (0.1013, 0.05, 0.25),
        (0.05, 0.05, 0.25),
        (0.25, 0.05, 0.25),
        (0.3071, 0.05, 0.25),
        (1.1983, 0.05, 0.25),
        (0.0413, 0.05, 0.25),
    ],
    by_hand=0.75,
    praise="0 at the mean image, 1 at the perfect copy.",
    also=(lambda loss, floor, ceiling: np.interp(loss, [floor, ceiling], [1, 0]),),
    mistakes="""
        (loss - floor) / (ceiling - floor)  # this is the share that is still to go: 0 belongs to
            # the mean image, 1 to the perfect copy.
        ceiling - loss ; loss - floor  # this is a difference: divide by the whole way, so that a
            # perfect copy gives 1.
        (ceiling - loss) / ceiling  # divided by the ceiling: even a perfect copy costs something,
            # and the whole way ends at the floor.
        floor -> {0.0577|0.058|0.0581|0.06} ; ceiling -> {0.2625|0.263|0.26} ;
        share_of_the_way(loss, {0.0577|0.058|0.0581|0.06}, {0.2625|0.263|0.26})  # a number is
            # written in for the floor or the ceiling: use the arguments.
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
    """The same curves, the loss first: the names count, not the order."""
    return {"loss": history["loss"]} | history


_VAL = "np.array(history['val_loss']) - np.array(history['val_binary_crossentropy'])"


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
    mistakes=f"""
        {_VAL}  # this is the penalty of the test images: without `val_` they are the training
            # images.
        'loss' -> 'val_loss' ; 'binary_crossentropy' -> 'val_binary_crossentropy' ;
        'binary_crossentropy' -> 'val_loss' ; np.subtract(history['val_loss'], history['loss'])
            # training and test images are mixed: take both curves with `val_`, or both without.
        x - y -> x - y + {_VAL} ; x - y -> (x - y + {_VAL}) / 2 ; x - y -> [*(x - y), *{_VAL}] ;
        x - y -> [x - y, {_VAL}]  # training and test images together: one of the two is asked for.
        x - y -> {{x|y}}  # this is one of the curves: the penalty is not recorded by itself, look
            # at what the loss is made of.
        'binary_crossentropy' -> 'accuracy' ; 'loss' -> 'accuracy'  # the accuracy is no part of the
            # loss: look at what the loss is made of.
        x - y -> (x - y) {{*|/}} 1e-4  # divided by λ, or multiplied with it: λ is in the loss
            # already.
        np.subtract(*[*history.values()][1::-1])  # the order of the curves is counted on: ask for
            # them by their names.
        np.diff(history['{{loss|binary_crossentropy}}'])  # this is the change from epoch to epoch:
            # take two curves.
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


def _ties_and_neighbours():
    """The brightest place is shared in rows 0 to 4; in rows 5 to 9 it is another, but a near one,
    or one in the same row or column."""
    images, copies = _brightest(12, seed=5)
    images[:10], copies[:10] = 0, 0
    images[0, [5, 9]], copies[0, 5] = 1, 0.7  # the first one in the image: True
    images[1, [5, 9]], copies[1, 9] = 1, 0.7  # the last one in the image: False
    images[2, 5], copies[2, [5, 9]] = 1, 0.7  # the first one in the copy: True
    images[3, 9], copies[3, [5, 9]] = 1, 0.7  # the last one in the copy: False
    images[4, 300:360], copies[4, 300] = 1, 0.7  # so many that sorting mixes them: True
    pairs = [(400, 401), (400, 428), (83, 84), (90, 108), (5, 285)]
    for i, (place, other) in enumerate(pairs, start=5):
        images[i, place], copies[i, other] = 1, 0.7
    return images, copies


def _edges():
    """The brightest pixel is the first or the last one of all, or there is none: a blank page."""
    images, copies = np.zeros((8, 784), "float32"), np.zeros((8, 784), "float32")
    for i, (place, other) in enumerate([(0, 783), (783, 783), (0, 0), (5, 261), (783, 782)]):
        images[i, place], copies[i, other] = 1, 0.7
    copies[:, 300] += 0.01
    copies[5, 0], copies[6, 0:2] = 0.6, (0, 0.6)  # images 5 and 6 are blank: place 0 counts
    images[7, 9], copies[7, [8, 9]] = 1, (0.7, 0.70002)
    return images, copies


def _is_top(x):
    return x == x.max(axis=1, keepdims=True)


@exercise(
    axes={"images": "image pixel", "copies": "image pixel", "answer": "image"},
    inputs=[
        (
            changed(np.zeros((2, 784), "float32"), (slice(None), 5), 1),
            changed(changed(np.zeros((2, 784), "float32"), (0, [5, 6]), (0.4, 0.3)), (1, 8), 1),
        ),
        _ties_and_neighbours(),
        _edges(),
        _brightest(1, seed=1),
        _brightest(5, seed=2),
        _brightest(7, seed=3),
        _brightest(6, seed=4),
    ],
    by_hand=np.array([True, False]),
    praise="this is what `accuracy` counts.",
    mistakes="""
        images.max(axis=1) == copies.max(axis=1)  # the largest values are compared: compare the
            # places where they are.
        (images == copies){|.all(axis=1)|.any(axis=1)|.mean(axis=1)} ;
        np.isclose(images, copies).all(axis=1)  # the values of all pixels are compared: only the
            # place of the brightest one counts.
        ((images > 0.5) == (copies > 0.5)).mean(axis=1) ; ((copies > 0.5) == images).mean(axis=1)
            # the pixels are rounded and compared, that is `binary_accuracy`: only the place of the
            # brightest one counts.
        (_is_top(images) & _is_top(copies)).any(axis=1) ;
        (_is_top(images) == _is_top(copies)).all(axis=1) ;
        copies[np.arange(len(copies)), images.argmax(axis=1)] == copies.max(axis=1) ;
        images[np.arange(len(images)), copies.argmax(axis=1)] == images.max(axis=1)  # ties: where
            # several pixels share the most ink, the first of them counts.
        np.{ones|zeros}(len(images), bool)  # the answer is the same for all images: is an image
            # compared with itself, or a number with an array?
        images.argmin(axis=1) == copies.argmin(axis=1)  # the darkest pixels are compared: take the
            # brightest.
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
    parts={
        "in the warm-up": lambda step, steps, peak: step < steps / 10,
        "after the warm-up": lambda step, steps, peak: step >= steps / 10,
    },
    mistakes="""
        warm -> {steps * 0.01|steps * 0.05|steps * 0.2|steps * 0.3|steps * 0.5|10|100|188|235}
            # the warm-up takes another number of steps: it takes a tenth of all.
        step < warm -> False ; peak * (1 + np.cos(np.pi * step / steps)) / 2 ; step / warm -> 1
            # the warm-up is missing, or overwritten: it rises from 0, up to the peak.
        step / warm -> {1 - step / warm|step / steps|step|(step / warm) ** 2|(step / warm) ** 0.5} ;
        step / warm -> {(1 - np.cos(np.pi * step / warm)) / 2|step / warm / 2|0|(step + 1) / warm} ;
        step / warm -> {(step - 1) / warm|step / (warm - 1)|step / (warm + 1)}  # in the warm-up it
            # is no straight line from 0 at step 0 to the peak where the warm-up ends.
        done -> {step / steps|(step - warm) / steps|step / (steps - warm)|(step - warm) / warm} ;
        done -> {(step + 1 - warm) / (steps - warm)|(step - warm) / (steps - 1 - warm)}  # the fall
            # begins or ends at another step: at its top where the warm-up ends, at its bottom at
            # the last.
        (1 + wave) / 2 -> {wave|wave / 2|1 + wave|max(0, wave)|abs(wave)|(1 + wave) / 4|1 - wave /
        2}  # the half wave is not lifted or shrunk as it should: it goes from 1 at its top to 0.
        (1 + wave) / 2 -> {1 - done|1|(1 + np.sin(np.pi * done)) / 2|(1 - done) ** 2|np.exp(-done)}
            # after the warm-up it falls in another form, or not at all: half a cosine is asked for.
        np.pi * done -> {done|180 * done|2 * np.pi * done|np.pi * done / 2|3.14 * done|3 * done|3.1
        * done|22 / 7 * done} ; wave -> -wave ; (1 + wave) / 2 -> np.cos(np.pi / 2 * done)
            # another part of the wave: half of it, from its top to its bottom, goes from 0 to π.
        step < warm -> {step > warm|step < 0.1} ; np.pi * done -> {np.pi * (step - warm) / steps -
        warm|np.pi * step - warm / (steps - warm)|np.pi * (step - warm / steps - warm)|np.pi * (step
        - warm / (steps - warm))}  # brackets are missing in the cosine, or the two parts are
            # exchanged.
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
        "a": "then they would be easier in the last epoch, too, and there the curves lie on each "
        "other.",
        "c": "then the training curve would be the lower one.",
        "d": "look at the axis: on the left it is the BCE alone, for both curves.",
    },
    otherwise="answer with one letter, a to d.",
    praise="a mean over the epoch looks back at a worse model.",
)
