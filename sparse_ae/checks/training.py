"""The exercises of notebook 03: reading a loss, and a learning rate that changes."""

import operator

import numpy as np

from .judging import Exercise


def share_of_the_way(loss, floor, ceiling):
    return (ceiling - loss) / (ceiling - floor)


_share = Exercise(
    reference=share_of_the_way,
    inputs=[
        (3.0, 2.0, 6.0),
        (0.0935, 0.0581, 0.2625),
        (0.16, 0.0584, 0.2628),
        (0.3, 0.05, 0.25),
        (0.05, 0.05, 0.25),
        (0.25, 0.05, 0.25),
        (1.2, 0.05, 0.25),
        (0.04, 0.05, 0.25),
    ],
    by_hand=0.75,
    praise="0 at the mean image, 1 at the perfect copy, negative where it is worse.",
    mistakes={
        "this is the share that is still to go (or floor and ceiling are swapped): 0 belongs to "
        "the mean image, 1 to the perfect copy.": lambda loss, low, high: (
            (loss - low) / (high - low)
        ),
        "the sign is wrong: look at the order of the two differences.": lambda loss, low, high: (
            (loss - high) / (high - low)
        ),
        "this is a difference: divide by the whole way, so that a perfect copy gives 1.": (
            lambda loss, low, high: high - loss,
            lambda loss, low, high: loss - low,
        ),
        "divided by the loss: the whole way leads from the ceiling to the floor.": (
            lambda loss, low, high: (high - loss) / loss
        ),
        "divided by a sum: the whole way is the difference of ceiling and floor.": (
            lambda loss, low, high: (high - loss) / (high + low)
        ),
        "cut off at 1: a loss below the floor is a sign that something is wrong; do not hide it.": (
            lambda loss, low, high: min(1, (high - loss) / (high - low)),
        ),
        "cut off at 0 and at 1: a model that is worse than the mean image has a negative share.": (
            lambda loss, low, high: max(0, min(1, (high - loss) / (high - low)))
        ),
        "in whole percent: a share between 0 and 1 is asked for, unrounded.": (
            lambda loss, low, high: round(100 * (high - loss) / (high - low)),
            lambda loss, low, high: int(100 * (high - loss) / (high - low)),
        ),
        "cut off to whole percent: return the share unrounded.": lambda loss, low, high: (
            int(100 * (high - loss) / (high - low)) / 100
        ),
        "in percent, and of what is still to go: a share between 0 and 1, 1 for a perfect copy.": (
            lambda loss, low, high: 100 * (loss - low) / (high - low)
        ),
        "the loss is not used: how far has it come down from the ceiling?": (
            lambda loss, low, high: high / (high - low),
            lambda loss, low, high: low / high,
        ),
        "divided by the ceiling: even a perfect copy costs something, and the whole way ends at "
        "the floor.": lambda loss, low, high: (high - loss) / high,
        "in percent: a share between 0 and 1 is asked for.": lambda loss, low, high: (
            100 * (high - loss) / (high - low)
        ),
        "rounded to whole percent: return the share unrounded.": lambda loss, low, high: round(
            (high - loss) / (high - low), 2
        ),
        "whole numbers only: `//` is the integer division, `/` keeps the fraction.": (
            lambda loss, low, high: (high - loss) // (high - low)
        ),
        "cut off at 0: a model that is worse than the mean image has a negative share.": (
            lambda loss, low, high: max(0, (high - loss) / (high - low))
        ),
        "brackets are missing: a division comes before a subtraction.": lambda loss, low, high: (
            high - loss / high - low
        ),
        "the brackets of one difference are missing: a division comes before a subtraction.": (
            lambda loss, low, high: (high - loss) / high - low,
            lambda loss, low, high: high - loss / (high - low),
        ),
        "the fraction is upside down.": lambda loss, low, high: (high - low) / (high - loss),
        "divided by what is left of the way: the whole way leads from the ceiling to the floor.": (
            lambda loss, low, high: (high - loss) / (loss - low),
            lambda loss, low, high: (loss - low) / (high - loss),
        ),
        "divided by the floor: the whole way leads from the ceiling to the floor.": (
            lambda loss, low, high: (high - loss) / low
        ),
        "this is a part of the ceiling: how far has the loss come down from it, and how far can "
        "it?": (lambda loss, low, high: loss / high),
        "the loss itself is divided: how far it has come down from the ceiling is what counts.": (
            lambda loss, low, high: loss / (high - low)
        ),
        "the ceiling is not used: the way begins there.": lambda loss, low, high: low / loss,
        "divided by the ceiling, and of what is still to go: the whole way ends at the floor.": (
            lambda loss, low, high: (loss - low) / high
        ),
        "a number is written in for the floor or the ceiling: use the arguments.": tuple(
            lambda loss, low, high, floor=floor, ceiling=ceiling: (
                ((ceiling or high) - loss) / ((ceiling or high) - (floor or low))
            )
            for floor in (None, 0.0577, 0.058, 0.0581, 0.06)
            for ceiling in (None, 0.2625, 0.263, 0.26)
            if floor or ceiling
        ),
        "always -1 where the model is worse than the mean image: it is a negative share there, as "
        "large as the model is worse.": lambda loss, low, high: (
            -1 if loss > high else (high - loss) / (high - low)
        ),
        "the share has no sign: it is negative where the model is worse than the mean image.": (
            lambda loss, low, high: abs(high - loss) / (high - low)
        ),
    },
)


def penalty_curve(history):
    return np.subtract(history["loss"], history["binary_crossentropy"])


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


def _curve(first, second):
    return lambda history: np.subtract(history[first], history[second])


_LOSS = "loss", "binary_crossentropy"
_VAL_LOSS = "val_loss", "val_binary_crossentropy"

_penalty_curve = Exercise(
    reference=penalty_curve,
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
    mistakes={
        "this is the penalty of the test images: without `val_` they are the training images.": (
            _curve("val_loss", "val_binary_crossentropy")
        ),
        "training and test images are mixed: take both curves with `val_`, or both without.": (
            _curve("val_loss", "binary_crossentropy")
        ),
        "test and training images are mixed: take both curves with `val_`, or both without.": (
            _curve("loss", "val_binary_crossentropy")
        ),
        "this compares training with test images: the penalty is in the loss of each.": (
            _curve("loss", "val_loss")
        ),
        "this compares test with training images: the penalty is in the loss of each.": (
            _curve("val_loss", "loss")
        ),
        "the sign is wrong: the loss is the larger one of the two.": _curve(
            "binary_crossentropy", "loss"
        ),
        "this is the loss: take the cross-entropy off.": lambda h: np.array(h["loss"]),
        "this is the cross-entropy alone: the penalty is what the loss has beyond it.": (
            lambda h: np.array(h["binary_crossentropy"])
        ),
        "the two are added: the loss already holds both.": lambda h: np.add(
            h["loss"], h["binary_crossentropy"]
        ),
        "this is a ratio: the loss is a sum, so take a difference.": lambda h: np.divide(
            h["loss"], h["binary_crossentropy"]
        ),
        "this is the share of the loss: the penalty itself is asked for.": lambda h: np.divide(
            np.subtract(h["loss"], h["binary_crossentropy"]), h["loss"]
        ),
        "the accuracy is not part of the loss: take the cross-entropy off.": _curve(
            "loss", "accuracy"
        ),
        "only the last epoch: one value for each epoch is asked for.": lambda h: (
            h["loss"][-1] - h["binary_crossentropy"][-1]
        ),
        "only the first epoch: one value for each epoch is asked for.": lambda h: (
            h["loss"][0] - h["binary_crossentropy"][0]
        ),
        "the mean over the epochs: one value for each epoch is asked for.": lambda h: np.mean(
            np.subtract(h["loss"], h["binary_crossentropy"])
        ),
        "the sum over the epochs: one value for each epoch is asked for.": lambda h: np.sum(
            np.subtract(h["loss"], h["binary_crossentropy"])
        ),
        "the first epoch is missing: does the loop begin one step late?": lambda h: np.subtract(
            h["loss"], h["binary_crossentropy"]
        )[1:],
        "the two lists one after the other: take the difference, epoch by epoch.": lambda h: (
            h["loss"] + h["binary_crossentropy"]
        ),
        "pairs of loss and cross-entropy: take their differences.": lambda h: np.transpose(
            [h["loss"], h["binary_crossentropy"]]
        ),
        "the cross-entropy of the last epoch is taken off everywhere: each epoch has its own.": (
            lambda h: np.subtract(h["loss"], h["binary_crossentropy"][-1])
        ),
        "training and test images together: without `val_` they are the training images.": (
            lambda h: np.concatenate([_curve(*_LOSS)(h), _curve(*_VAL_LOSS)(h)]),
            lambda h: np.stack([_curve(*_LOSS)(h), _curve(*_VAL_LOSS)(h)]),
            lambda h: _curve(*_LOSS)(h) + _curve(*_VAL_LOSS)(h),
            lambda h: (_curve(*_LOSS)(h) + _curve(*_VAL_LOSS)(h)) / 2,
        ),
        "the order of the curves is counted on: ask for them by their names.": (
            lambda h: np.subtract(*[*h.values()][1::-1])
        ),
        "each epoch's penalty is added to those before it: one for each epoch is wanted.": (
            lambda h: np.cumsum(np.subtract(h["loss"], h["binary_crossentropy"]))
        ),
        "the BCE of the first epoch is subtracted from every loss: epoch by epoch is wanted.": (
            lambda h: np.subtract(h["loss"], h["binary_crossentropy"][0])
        ),
        "divided by λ, or multiplied with it: the difference is the penalty, λ included.": (
            lambda h: np.subtract(h["loss"], h["binary_crossentropy"]) / 1e-4,
            lambda h: np.subtract(h["loss"], h["binary_crossentropy"]) * 1e-4,
        ),
        "the difference is squared: take it as it is.": lambda h: (
            np.subtract(h["loss"], h["binary_crossentropy"]) ** 2
        ),
        "the number of epochs is written in: take as many as there are.": tuple(
            lambda h, n=n: np.subtract(h["loss"], h["binary_crossentropy"])[:n]
            for n in (5, 7, 8, 10, 50)
        ),
        "this is the change from epoch to epoch: take the difference of two curves.": (
            lambda h: np.diff(h["loss"])
        ),
        "the last epoch is missing: does the loop end one step early?": lambda h: np.subtract(
            h["loss"], h["binary_crossentropy"]
        )[:-1],
        "the order is reversed: the first epoch comes first.": lambda h: np.subtract(
            h["loss"], h["binary_crossentropy"]
        )[::-1],
    },
)


def same_brightest_pixel(images, copies):
    return images.argmax(axis=1) == copies.argmax(axis=1)


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


def _last(x):
    return 783 - x[:, ::-1].argmax(axis=1)


def _is_top(x):
    return x == x.max(axis=1, keepdims=True)


def _two_images():
    images, copies = np.zeros((2, 784), "float32"), np.zeros((2, 784), "float32")
    images[0, 5], copies[0, 5], copies[0, 6] = 1, 0.4, 0.3
    images[1, 5], copies[1, 8] = 1, 1
    return images, copies


_same_brightest = Exercise(
    reference=same_brightest_pixel,
    inputs=[
        _two_images(),
        _ties_and_neighbours(),
        _edges(),
        _brightest(1, seed=1),
        _brightest(5, seed=2),
        _brightest(7, seed=3),
        _brightest(6, seed=4),
    ],
    by_hand=np.array([True, False]),
    praise="this is what `accuracy` counts.",
    mistakes={
        "the largest values are compared: compare the places where they are.": lambda x, p: (
            x.max(axis=1) == p.max(axis=1)
        ),
        "the wrong axis: look for the brightest pixel of each image, not for the brightest image "
        "at each pixel.": lambda x, p: x.argmax(axis=0) == p.argmax(axis=0),
        "one answer for all images: work image by image, and return an answer for each.": (
            lambda x, p: x.argmax() == p.argmax()
        ),
        "this is the share of all images: return an answer for each, True or False.": (
            lambda x, p: (x.argmax(axis=1) == p.argmax(axis=1)).mean()
        ),
        "this is the number of images: return an answer for each, True or False.": lambda x, p: (
            x.argmax(axis=1) == p.argmax(axis=1)
        ).sum(),
        "True and False are swapped.": lambda x, p: x.argmax(axis=1) != p.argmax(axis=1),
        "`argmax` without `axis` looks through all images at once: look in each image.": (
            lambda x, p: x.argmax() == p.argmax(axis=1),
            lambda x, p: x.argmax(axis=1) == p.argmax(),
            lambda x, p: np.full(len(x), x.argmax() == p.argmax()),
        ),
        "the darkest pixels are compared: take the brightest.": (
            lambda x, p: x.argmin(axis=1) == p.argmin(axis=1),
            lambda x, p: x.argmax(axis=1) == p.argmin(axis=1),
            lambda x, p: x.argmin(axis=1) == p.argmax(axis=1),
        ),
        "all pixels are compared: only the place of the brightest one counts.": lambda x, p: (
            x == p
        ).all(axis=1),
        "one answer per pixel: only the place of the brightest pixel counts.": lambda x, p: x == p,
        "the pixels are rounded and compared, that is `binary_accuracy`: only the place of the "
        "brightest one counts.": lambda x, p: ((x > 0.5) == (p > 0.5)).mean(axis=1),
        "this asks whether any pixel is equal: only the place of the brightest one counts.": (
            lambda x, p: (x == p).any(axis=1)
        ),
        "the numbers of the images where it is true: return True or False for each image.": (
            lambda x, p: np.flatnonzero(x.argmax(axis=1) == p.argmax(axis=1)),
            lambda x, p: np.where(x.argmax(axis=1) == p.argmax(axis=1)),
        ),
        "the first or the last pixel is left out: where do the loop and its numbers begin and "
        "end?": (
            lambda x, p: x[:, :-1].argmax(axis=1) == p[:, :-1].argmax(axis=1),
            lambda x, p: x[:, 1:].argmax(axis=1) == p[:, 1:].argmax(axis=1),
        ),
        "the difference of the places: return True where it is 0.": lambda x, p: (
            x.argmax(axis=1) - p.argmax(axis=1)
        ),
        "these are the places in the images: compare them with the places in the copies.": (
            lambda x, p: x.argmax(axis=1)
        ),
        "these are the places in the copies: compare them with the places in the images.": (
            lambda x, p: p.argmax(axis=1)
        ),
        "ties: where several pixels share the most ink, the first of them counts.": (
            lambda x, p: _last(x) == _last(p),
            lambda x, p: _last(x) == p.argmax(axis=1),
            lambda x, p: x.argmax(axis=1) == _last(p),
            lambda x, p: (_is_top(x) & _is_top(p)).any(axis=1),
            lambda x, p: (_is_top(x) == _is_top(p)).all(axis=1),
            lambda x, p: p[np.arange(len(p)), x.argmax(axis=1)] == p.max(axis=1),
            lambda x, p: x[np.arange(len(x)), p.argmax(axis=1)] == x.max(axis=1),
            lambda x, p: np.argsort(x, axis=1)[:, -1] == np.argsort(p, axis=1)[:, -1],
            lambda x, p: np.argsort(-x, axis=1)[:, 0] == np.argsort(-p, axis=1)[:, 0],
        ),
        "always True: is an image compared with itself?": lambda x, p: np.ones(len(x), bool),
        "always False: compare the places, image by image.": lambda x, p: np.zeros(len(x), bool),
        "a near place counts as the same: the two must be equal.": tuple(
            lambda x, p, most=most: np.abs(x.argmax(axis=1) - p.argmax(axis=1)) <= most
            for most in (1, 2, 27, 28)
        ),
        "the same column or row is enough here: the places must be equal.": (
            lambda x, p: x.argmax(axis=1) % 28 == p.argmax(axis=1) % 28,
            lambda x, p: x.argmax(axis=1) // 28 == p.argmax(axis=1) // 28,
        ),
        "rounded or cut off first: that makes ties where there are none.": (
            lambda x, p: x.round(1).argmax(axis=1) == p.round(1).argmax(axis=1),
            lambda x, p: x.argmax(axis=1) == p.round(1).argmax(axis=1),
            lambda x, p: (x > 0.5).argmax(axis=1) == (p > 0.5).argmax(axis=1),
            lambda x, p: x.argmax(axis=1) == (p > 0.5).argmax(axis=1),
            lambda x, p: (x == 1).argmax(axis=1) == p.argmax(axis=1),
        ),
        "one answer for all images: a place in a list of places is looked for; compare image by "
        "image.": lambda x, p: np.isin(x.argmax(axis=1), p.argmax(axis=1)),
    },
)


def learning_rate(step, steps, peak):
    warm = steps / 10
    if step < warm:
        return peak * step / warm
    return peak * (1 + np.cos(np.pi * (step - warm) / (steps - warm))) / 2


def _schedule(rise=None, fall=None, start=0.0):
    """A wrong schedule: `rise` for a part 0..1 of the warm-up, `fall` for a part 0..1 after it."""
    rise = rise or (lambda part: part)
    fall = fall or (lambda part: (1 + np.cos(np.pi * part)) / 2)

    return _either(
        lambda step, steps, peak, warms: (
            peak * rise(step / (steps / 10))
            if warms(step, steps / 10)
            else peak * fall((step - steps / 10) / (steps - steps / 10))
        )
    )


def _either(mistaken):
    """A mistake in both ways to ask whether it is still warming up: `<` and `<=`."""
    return tuple(
        lambda step, steps, peak, warms=warms: mistaken(step, steps, peak, warms)
        for warms in (operator.lt, operator.le)
    )


def _angle(angle):
    """A wrong argument of the cosine, from step and steps."""
    return _either(
        lambda s, n, peak, warms: (
            peak * s / (n / 10) if warms(s, n / 10) else peak * (1 + np.cos(angle(s, n))) / 2
        )
    )


def _warm_up(rate):
    """A wrong warm-up, from step, steps and peak; right after it."""
    return _either(
        lambda s, n, peak, warms: (
            rate(s, n, peak) if warms(s, n / 10) else learning_rate(s, n, peak)
        )
    )


def _warm(share):
    def rate(step, steps, peak):
        warm = steps * share
        if step < warm:
            return peak * step / warm
        return peak * (1 + np.cos(np.pi * (step - warm) / (steps - warm))) / 2

    return rate


_learning_rate = Exercise(
    reference=learning_rate,
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
    mistakes={
        "the warm-up is missing: in the first tenth of the steps the rate rises from 0.": (
            _schedule(rise=lambda part: 1)
        ),
        "the rate is 0 in the whole warm-up: it rises in a straight line.": _schedule(
            rise=lambda part: 0
        ),
        "the warm-up is not taken off in the cosine's numerator: it begins where the warm-up "
        "ends.": _angle(lambda s, n: np.pi * s / (n - n / 10)),
        "a bracket is missing in the cosine: a division comes before a subtraction.": (
            *_angle(lambda s, n: np.pi * (s - n / 10 / (n - n / 10))),
            *_angle(lambda s, n: np.pi * ((s - n / 10) / n - n / 10)),
            *_angle(lambda s, n: np.pi * (s - n / 10 / n - n / 10)),
        ),
        "a bracket is missing around what π is multiplied with.": (
            *_angle(lambda s, n: np.pi * (s - n / 10) / n - n / 10),
            *_angle(lambda s, n: np.pi * s - n / 10 / (n - n / 10)),
        ),
        "whole numbers only, in both parts: `//` loses the fraction, `/` keeps it.": _schedule(
            rise=np.floor, fall=lambda part: (1 + np.cos(np.pi * np.floor(part))) / 2
        ),
        "the warm-up ends at step 0.1: it ends after a tenth of `steps`.": lambda s, n, peak: (
            peak * s / (n / 10)
            if s < 0.1
            else peak * (1 + np.cos(np.pi * (s - n / 10) / (n - n / 10))) / 2
        ),
        "whole numbers only after the warm-up: `//` and `int` lose the fraction.": _schedule(
            fall=lambda part: (1 + np.cos(np.pi * np.floor(part))) / 2
        ),
        "π with too few digits: take `np.pi`.": tuple(
            rate
            for pi in (3, 3.1, 3.14, 22 / 7)
            for rate in _schedule(fall=lambda part, pi=pi: (1 + np.cos(pi * part)) / 2)
        ),
        "half as high after the warm-up: it begins at `peak`.": _schedule(
            fall=lambda part: (1 + np.cos(np.pi * part)) / 4
        ),
        "half as high in the warm-up: it ends at `peak`.": _schedule(rise=lambda part: part / 2),
        "the negative half of the cosine is cut off or folded up: lift it by 1 and halve it.": (
            *_schedule(fall=lambda part: max(0, np.cos(np.pi * part))),
            *_schedule(fall=lambda part: abs(np.cos(np.pi * part))),
        ),
        "the peak is added to the cosine: multiply.": _either(
            lambda s, n, peak, warms: (
                peak * s / (n / 10)
                if warms(s, n / 10)
                else peak + np.cos(np.pi * (s - n / 10) / (n - n / 10))
            )
        ),
        "a bracket is missing: subtract the cosine from 1, or add it, before you halve.": (
            _schedule(fall=lambda part: 1 - np.cos(np.pi * part) / 2)
        ),
        "the cosine is one step ahead: where the warm-up ends the rate is the peak.": _angle(
            lambda s, n: np.pi * (s + 1 - n / 10) / (n - n / 10)
        ),
        "the warm-up is one step behind: at step 0 the rate is 0, at its end the peak.": _warm_up(
            lambda s, n, peak: peak * (s - 1) / (n / 10)
        ),
        "the warm-up ends one step early: divide by all of its steps.": _warm_up(
            lambda s, n, peak: peak * s / (n / 10 - 1)
        ),
        "the warm-up is not divided by its number of steps: it should end at `peak`.": _warm_up(
            lambda s, n, peak: peak * s
        ),
        "the warm-up has no effect: is its rate overwritten by the cosine? `return` it, or use "
        "`else`.": lambda s, n, peak: peak * (1 + np.cos(np.pi * (s - n / 10) / (n - n / 10))) / 2,
        "warm-up and cosine are swapped: look at the comparison.": (
            lambda s, n, peak: (
                peak * s / (n / 10)
                if s > n / 10
                else peak * (1 + np.cos(np.pi * (s - n / 10) / (n - n / 10))) / 2
            ),
            lambda s, n, peak: (
                peak * s / (n / 10)
                if s >= n / 10
                else peak * (1 + np.cos(np.pi * (s - n / 10) / (n - n / 10))) / 2
            ),
        ),
        "the warm-up is missing: this is a half cosine over all steps.": lambda s, n, peak: (
            peak * (1 + np.cos(np.pi * s / n)) / 2
        ),
        "the cosine begins at step 0: it begins where the warm-up ends, at its top.": (
            _angle(lambda s, n: np.pi * s / n)
        ),
        "the cosine does not reach 0 at the last step: it has only the steps after the warm-up.": (
            lambda s, n, peak: (
                peak * s / (n / 10)
                if s < n / 10
                else peak * (1 + np.cos(np.pi * (s - n / 10) / n)) / 2
            )
        ),
        "the rate is always `peak`: it should change with the step.": lambda s, n, peak: peak,
        "after the warm-up it falls in a straight line: it should fall along a cosine.": (
            _schedule(fall=lambda part: 1 - part)
        ),
        "after the warm-up it stays at its peak: it should fall to 0.": _schedule(
            fall=lambda part: 1
        ),
        "the rate gets negative: a whole cosine goes from 1 to -1; move it up and halve it.": (
            _schedule(fall=lambda part: np.cos(np.pi * part))
        ),
        "it goes down too fast or up again: one half of the wave is wanted, π and not 2π.": (
            _schedule(fall=lambda part: (1 + np.cos(2 * np.pi * part)) / 2)
        ),
        "a quarter of the wave: half of it is wanted, from its top to its bottom.": _schedule(
            fall=lambda part: np.cos(np.pi / 2 * part)
        ),
        "twice too high after the warm-up: 1 + cos begins at 2.": _schedule(
            fall=lambda part: 1 + np.cos(np.pi * part)
        ),
        "after the warm-up it rises: the sign of the cosine is wrong.": _schedule(
            fall=lambda part: (1 - np.cos(np.pi * part)) / 2
        ),
        "shrunk and not lifted: the half wave still goes below 0.": _schedule(
            fall=lambda part: np.cos(np.pi * part) / 2
        ),
        "a bracket is missing: lift the cosine first, then halve all of it.": _schedule(
            fall=lambda part: 1 + np.cos(np.pi * part) / 2
        ),
        "half of a half wave: from the end of the warm-up to the last step it goes from 0 to π.": (
            _schedule(fall=lambda part: (1 + np.cos(np.pi / 2 * part)) / 2)
        ),
        "a sine where the cosine belongs.": _schedule(
            fall=lambda part: (1 + np.sin(np.pi * part)) / 2
        ),
        "the cosine gets degrees: it takes radians, half a wave is π.": _schedule(
            fall=lambda part: (1 + np.cos(180 * part)) / 2
        ),
        "π is missing in the cosine.": _schedule(fall=lambda part: (1 + np.cos(part)) / 2),
        "the warm-up is no straight line.": (
            *_schedule(rise=lambda part: (1 - np.cos(np.pi * part)) / 2),
            *_schedule(rise=lambda part: part**2),
            *_schedule(rise=lambda part: part**0.5),
        ),
        "the warm-up falls: it should rise from 0 to the peak.": _schedule(
            rise=lambda part: 1 - part
        ),
        "the warm-up is one step ahead: at step 0 the rate is 0.": lambda s, n, peak: (
            peak * (s + 1) / (n / 10) if s < n / 10 else learning_rate(s, n, peak)
        ),
        "all is one step ahead: at step 0 the rate is 0.": lambda s, n, peak: learning_rate(
            min(s + 1, n), n, peak
        ),
        "the warm-up counts its share of all steps: it should reach the peak after a tenth.": (
            _warm_up(lambda s, n, peak: peak * s / n)
        ),
        "the cosine falls from the warm-up to the end in the wrong place: divide by the steps "
        "that are left after it.": lambda s, n, peak: (
            peak * s / (n / 10)
            if s < n / 10
            else peak * (1 + np.cos(np.pi * (s - n / 10) / (n / 10))) / 2
        ),
        "the last step is `steps`, where the rate is 0, not the one before.": lambda s, n, peak: (
            peak * s / (n / 10)
            if s < n / 10
            else peak * (1 + np.cos(np.pi * (s - n / 10) / (n - 1 - n / 10))) / 2
        ),
        "a peak is written in: use the argument `peak`.": tuple(
            lambda s, n, peak, top=top: learning_rate(s, n, top)
            for top in (0.001, 0.01, 0.015, 0.1)
        ),
        "a number of steps is written in: use the argument `steps`.": (
            lambda s, n, peak: learning_rate(s, 1880, peak),
            lambda s, n, peak: learning_rate(s, 100, peak),
            *(
                lambda s, n, peak, warm=warm: (
                    peak * s / warm
                    if s < warm
                    else peak * (1 + np.cos(np.pi * (s - warm) / (n - warm))) / 2
                )
                for warm in (10, 188, 235)
            ),
        ),
        "forgot the peak: the rate should rise to `peak`, not to 1.": lambda s, n, peak: (
            learning_rate(s, n, 1)
        ),
        "the peak is missing in the warm-up: the rate should rise to `peak`, not to 1.": (
            _warm_up(lambda s, n, peak: s / (n / 10))
        ),
        "the peak is missing after the warm-up: the rate should fall from `peak`.": (
            _either(lambda s, n, peak, warms: learning_rate(s, n, peak if warms(s, n / 10) else 1))
        ),
    }
    | {
        f"the warm-up takes {share:.0%} of the steps: it should be a tenth.": _warm(share)
        for share in (0.01, 0.05, 0.2, 0.3, 0.5, 0.9)
    },
)

EXERCISES = [_share, _penalty_curve, _same_brightest, _learning_rate]
