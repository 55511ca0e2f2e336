"""Right and wrong answers of the exercises: other right ways pass, wrong ones are named.

RIGHT has two other right ways or more for each exercise. WRONG has wrong ones for which the right
finding is known; the usual mistakes come from rules, so there need not be any for an exercise.
"""

import functools
import math
import statistics
from collections import OrderedDict
from fractions import Fraction

import numpy as np

from sparse_ae.support.keras_start import keras

ops = keras.ops


def sigmoid(z):
    return 1 / (1 + math.exp(-z))


def loop_bce(images, copies):
    answer = []
    for image, copy in zip(images.tolist(), copies.tolist(), strict=True):
        total = 0.0
        for x, p in zip(image, copy, strict=True):
            p = min(max(p, 1e-7), 1 - 1e-7)
            total -= x * math.log(p) + (1 - x) * math.log(1 - p)
        answer.append(total / len(image))
    return answer


def loop_decode(h, V, c):
    return [
        [sigmoid(sum(a * w for a, w in zip(code, column, strict=True)) + bias)
         for column, bias in zip(V.T.tolist(), c.tolist(), strict=True)]
        for code in h.tolist()
    ]  # fmt: skip


def loop_keep(codes, V, k):
    kept = [[0.0] * len(V) for _ in codes]
    for i, code in enumerate(codes):
        strength = [
            a * math.sqrt(sum(w * w for w in atom)) for a, atom in zip(code, V, strict=True)
        ]
        for unit in sorted(range(len(V)), key=lambda u: -strength[u])[:k]:
            kept[i][unit] = float(code[unit])
    return kept


def threshold_keep(codes, V, k):
    if k == 0:
        return np.zeros(codes.shape)
    strength = codes * np.sqrt((V**2).sum(axis=1))
    return np.where(strength >= np.sort(strength, axis=1)[:, [-k]], codes, 0)


def topk_keep(codes, V, k):
    _, places = ops.top_k(codes * ops.norm(V, axis=1), k) if k else (0, np.zeros((len(codes), 0)))
    mask = np.zeros(codes.shape, bool)
    np.put_along_axis(mask, np.asarray(places, int), True, axis=1)
    return codes * mask


def dict_rates(results):
    return {
        name: min((bce, rate) for (other, rate), bce in results.items() if other == name)[1]
        for name, _ in results
    }


def sorted_rates(results):
    answer = OrderedDict()
    for (name, rate), _ in sorted(results.items(), key=lambda item: -item[1]):
        answer[name] = np.float32(rate)
    return answer


def front_by_sorting(rows):
    """From the smallest BCE on; an equal BCE or an equal L0 does not beat."""
    front, lowest = set(), math.inf
    for bce in sorted({row["bce"] for row in rows.values()}):
        group = {name: row["l0"] for name, row in rows.items() if row["bce"] == bce}
        front |= {name for name, l0 in group.items() if l0 <= lowest}
        lowest = min(lowest, *group.values())
    return front


def keras_schedule(step, steps, peak):
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - steps // 10, warmup_target=peak, warmup_steps=steps // 10
    )
    return schedule(step)


class Penalty(keras.regularizers.Regularizer):
    def __init__(self, l1=1e-4):
        self.l1 = l1

    def __call__(self, codes):
        return self.l1 * ops.sum(ops.abs(codes))


class Threshold:
    def __call__(self, codes):
        return np.count_nonzero(codes > 0, axis=-1)


def penalty_with_scale(codes, l1):
    return keras.regularizers.L1(l1)(codes) / codes.shape[0]


def find_between(l0, l1s, l0s):
    for place in range(len(l1s) - 1):
        if l0s[place] >= l0 >= l0s[place + 1]:
            share = (l0s[place] - l0) / (l0s[place] - l0s[place + 1])
            return l1s[place] * (l1s[place + 1] / l1s[place]) ** share


def kept_by_loop(row, k):
    kept = sorted(range(len(row)), key=row.__getitem__, reverse=True)[:k]
    return [max(a, 0) if unit in kept else 0 for unit, a in enumerate(row)]


def quantile_by_sorting(activations, shares):
    lit = sorted((a, number) for number, a in enumerate(activations.tolist()) if a > 0)
    return [lit[int(share * (len(lit) - 1))][1] for share in shares]


def selectivity_by_counting(activations, labels):
    lit = [int(label) for a, label in zip(activations, labels, strict=True) if a > 0]
    digit = max(set(lit), key=lit.count)
    return lit.count(digit) / len(lit), lit.count(digit) / labels.tolist().count(digit)


def since(unit):
    return unit[::-1].index(True) if any(unit) else len(unit)


def slopes_in_place(weights, loss, step):
    """Each weight is moved and put back."""
    found = np.zeros(weights.shape)
    for place, weight in np.ndenumerate(weights.copy()):
        weights[place] = weight + step
        above = loss(weights)
        weights[place] = weight - step
        found[place] = (above - loss(weights)) / (2 * step)
        weights[place] = weight
    return found


def gradients_by_loop(images, codes, slopes):
    W, b = np.zeros((images.shape[1], codes.shape[1])), np.zeros(codes.shape[1])
    for image, code, slope in zip(images, codes, slopes, strict=True):
        W += np.outer(image, slope * (code > 0)) / len(images)
        b += slope * (code > 0) / len(images)
    return W, b


RIGHT = {
    "scale_images": [
        lambda raw: raw.reshape(-1, 784) / 255,
        lambda raw: np.array([image.flatten() / np.float32(255) for image in raw]),
        lambda raw: [[pixel / 255 for row in image for pixel in row] for image in raw.tolist()],
        lambda pictures: ops.reshape(ops.cast(pictures, "float32"), (-1, 784)) / 255.0,
        lambda raw: np.divide(raw, 255, dtype="float32").reshape(len(raw), -1),
        lambda raw: keras.layers.Rescaling(1 / 255)(raw.reshape(len(raw), 784)),
    ],
    "bce_of_copies": [
        loop_bce,
        lambda x, p: keras.losses.binary_crossentropy(x, p),
        lambda x, p: ops.mean(ops.binary_crossentropy(x, p), axis=-1),
        lambda x, p: -np.mean(np.log(np.clip(np.where(x == 1, p, 1 - p), 1e-7, 1)), axis=1)
        if set(np.unique(x)) <= {0, 1}
        else loop_bce(x, p),
        lambda x, p: -(
            x * np.log(np.maximum(p, 1e-7)) + (1 - x) * np.log(np.maximum(1 - p, 1e-7))
        ).sum(1) / 784,
        lambda x, p: -np.mean(x * np.log(p + 1e-7) + (1 - x) * np.log(1 - p + 1e-7), axis=1),
    ],
    "count_parameters": [
        lambda sizes: sum((a + 1) * b for a, b in zip(sizes, sizes[1:])),  # noqa: B905, RUF007
        lambda sizes: float(np.dot(np.array(sizes[:-1]) + 1, sizes[1:])),
        lambda sizes: keras.Sequential(
            [keras.Input((sizes[0],)), *map(keras.layers.Dense, sizes[1:])]
        ).count_params(),
    ],
    "decode": [
        loop_decode,
        lambda h, V, c: ops.sigmoid(ops.matmul(h, V) + c),
        lambda codes, weights, bias: np.exp(codes @ weights + bias)
        / (1 + np.exp(codes @ weights + bias)),
        lambda h, V, c: 0.5 * (1 + np.tanh((np.dot(h, V) + c) / 2)),
    ],
    "activity_penalty": [
        lambda h, l1: sum(sum(abs(a) for a in code) for code in h.tolist()) * l1 / len(h),
        lambda h, l1: l1 * ops.mean(ops.sum(ops.abs(h), axis=1)),
        penalty_with_scale,
        lambda h, l1=1e-4: np.float32(l1) * np.linalg.norm(h, ord=1, axis=1).mean(),
        functools.partial(lambda power, h, l1: l1 * (abs(h) ** power).mean(0).sum(), 1),
    ],
    "kernel_penalty": [
        lambda W, l1: l1 * sum(abs(w) for row in W.tolist() for w in row),
        lambda W, l1: keras.regularizers.L1(l1)(W),
        lambda kernel, strength: ops.sum(ops.abs(kernel)) * strength,
        lambda W, l1: np.linalg.norm(W.ravel(), 1) * l1,
    ],
    "share_of_the_way": [
        lambda loss, floor, ceiling: 1 - (loss - floor) / (ceiling - floor),
        lambda loss, low, high: (loss - high) / (low - high),
        lambda loss, floor, ceiling: np.interp(loss, [floor, ceiling], [1, 0]),
        lambda a, b, c: Fraction(c - a) / Fraction(c - b),
    ],
    "penalty_curve": [
        lambda history: [
            a - b for a, b in zip(history["loss"], history["binary_crossentropy"], strict=True)
        ],
        lambda h: np.array(h["loss"], "float32") - np.array(h["binary_crossentropy"], "float32"),
        lambda h: ops.subtract(h["loss"], h["binary_crossentropy"]),
        lambda h: tuple(np.array([h["loss"], h["binary_crossentropy"]]).T @ [1, -1]),
        lambda h: np.subtract(h["loss"], next(h[k] for k in h if k[:4] != "val_" and k != "loss")),
    ],
    "same_brightest_pixel": [
        lambda x, p: [list(a).index(max(a)) == list(b).index(max(b)) for a, b in zip(x, p)],  # noqa: B905
        lambda x, p: ops.equal(ops.argmax(x, axis=1), ops.argmax(p, axis=-1)),
        lambda x, p: keras.metrics.categorical_accuracy(x, p),
        lambda x, p: (np.argmax(x, 1) == np.argmax(p, 1)).astype(int),
    ],
    "learning_rate": [
        keras_schedule,
        lambda step, steps, peak: min(
            peak * step / (steps / 10),
            peak * math.cos(math.pi / 2 * (step - steps / 10) / (0.9 * steps)) ** 2,
        ) if step < steps / 10
        else peak * math.cos(math.pi / 2 * (step - steps / 10) / (0.9 * steps)) ** 2,
        lambda s, n, top: np.where(
            s < n // 10,
            np.float32(top) * s / (n // 10),
            top * 0.5 * (1 + np.cos(np.pi * (s - n // 10) / (n - n // 10))),
        ),
    ],
    "encode_by_hand": [
        lambda x, W, b: ops.relu(ops.matmul(x, W) + b),
        lambda x, W, b: [[max(0, float(s)) for s in row] for row in np.dot(x, W) + b],
        lambda x, W, b: (x @ W + b) * (x @ W + b > 0),
        lambda x, W, b: np.where(x @ W > -b, x @ W + b, 0),
        lambda x, W, b: np.clip(x.astype(float) @ W + b, 0, None),
    ],
    "units_on": [
        Threshold(),
        lambda h: (h > 0).sum(axis=1, dtype="uint8"),
        lambda h: [sum(a > 0 for a in code) for code in h],
        lambda h: ops.sum(ops.cast(h > 0, "int32"), axis=1),
        lambda h: np.sign(np.maximum(h, 0)).sum(axis=1),
        lambda h: tuple(len([a for a in code if a > 0]) for code in h.tolist()),
    ],
    "firing_rates_of": [
        lambda h: np.count_nonzero(h > 0, axis=0) / len(h),
        lambda h: [statistics.fmean(a > 0 for a in unit) for unit in h.T.tolist()],
        lambda h: ops.mean(ops.cast(h > 0, "float32"), axis=0),
        lambda h: np.mean(np.sign(np.maximum(h, 0)), 0, dtype="float32"),
    ],
    "dead_units": [
        lambda h: [unit for unit in range(h.shape[1]) if not any(a > 0 for a in h[:, unit])],
        lambda h: np.where(h.max(axis=0) <= 0)[0],
        lambda h: np.nonzero((h > 0).mean(axis=0) == 0)[0],
        lambda h: np.argwhere(np.maximum(h, 0).sum(axis=0) == 0).ravel(),
        lambda h: ops.where(ops.max(h, axis=0) <= 0)[0],
    ],
    "rescale": [
        lambda w, f: (w[0] * (1 / f), w[1] * (1 / f), f * w[2], w[3].copy()),
        lambda w, f: [ops.divide(w[0], f), ops.divide(w[1], f), ops.multiply(w[2], f), w[3]],
        lambda w, f: [a * s for a, s in zip(w, (1 / f, 1 / f, f, 1), strict=True)],
        lambda weights, factor: [a.astype(float) * factor**p for a, p in zip(
            weights, (-1, -1, 1, 0), strict=True
        )],
    ],
    "worst_digits": [
        lambda x, p, n: [i for _, i in sorted((-e, i) for i, e in enumerate(loop_bce(x, p)))][:n],
        lambda x, p, n: np.argsort(loop_bce(x, p))[::-1][:n],
        lambda x, p, n: ops.top_k(keras.losses.binary_crossentropy(x, p), n)[1],
        lambda x, p, n: list(np.flip(np.argsort(loop_bce(x, p))[-n:])),
    ],
    "keep_strongest": [loop_keep, threshold_keep, topk_keep],
    "switch_off": [
        lambda codes, unit: codes * (np.arange(codes.shape[1]) != unit),
        lambda codes, unit: [[0 if j == unit else a for j, a in enumerate(c)] for c in codes],
        lambda h, u: ops.where(ops.arange(h.shape[1]) == u, 0.0, h),
        lambda h, u: np.hstack([h[:, :u], np.zeros((len(h), 1)), h[:, u + 1 :]]),
    ],
    "best_rates": [dict_rates, sorted_rates, lambda results: dict(dict_rates(results).items())],
    "not_beaten": [
        front_by_sorting,
        lambda rows: tuple(front_by_sorting(rows)),
        lambda rows: np.array(sorted(front_by_sorting(rows))),
        lambda rows: front_by_sorting(rows) | set(),
    ],
    "code_penalty": [
        Penalty,
        Penalty(1e-4),
        keras.regularizers.L1(1e-4),
        lambda codes: 1e-4 * ops.norm(ops.reshape(codes, (-1,)), ord=1),
        lambda h: ops.sum(ops.mean(ops.abs(h), axis=0)) * ops.cast(ops.shape(h)[0], h.dtype) * 1e-4,
    ],
    "priced_penalty": [
        lambda h, V, l1: l1 * (h @ np.linalg.norm(V, axis=1)).mean(),
        lambda h, V, l1: l1 * float(np.einsum("nu,u->", h, (V**2).sum(1) ** 0.5)) / len(h),
        lambda h, V, l1: (
            l1
            * sum(a * math.dist(v, 0 * v) for row in h for a, v in zip(row, V, strict=True))
            / len(h)
        ),
    ],
    "find_l1": [
        lambda l0, l1s, l0s: 10 ** np.interp(-l0, np.negative(l0s), np.log10(l1s)),
        find_between,
    ],
    "top_k": [
        lambda codes, k: np.array([kept_by_loop(row, k) for row in codes.tolist()]),
        lambda codes, k: np.where(
            codes >= np.sort(codes, axis=1)[:, ::-1][:, min(k, codes.shape[1]) - 1, None],
            np.maximum(codes, 0),
            0,
        )
        * (k > 0),
    ],
    "best_scale": [
        lambda codes, wanted: np.linalg.lstsq(
            codes.reshape(-1, 1).astype(float), wanted.ravel(), rcond=None
        )[0][0],
        lambda codes, wanted: np.vdot(codes, wanted) / np.linalg.norm(codes) ** 2,
    ],
    "dead_since": [
        lambda history: [since(unit) for unit in np.transpose(history).tolist()],
        lambda history: np.cumprod(~np.array(history, bool)[::-1], axis=0).sum(axis=0),
    ],
    "numerical_gradient": [
        slopes_in_place,
        lambda weights, loss, step: np.array([
            loss(weights + e.reshape(weights.shape)) - loss(weights - e.reshape(weights.shape))
            for e in step * np.eye(weights.size)
        ]).reshape(weights.shape) / 2 / step,
    ],
    "code_gradient": [
        lambda x, h, V, c, l1: [
            [np.mean([(sigmoid(a) - p) * v for a, p, v in zip(z, row, atom, strict=True)]) + l1
             for atom in V]
            for z, row in zip(h @ V + c, x, strict=True)
        ],
        lambda x, h, V, c, l1: l1 - np.inner(x - 1 / (1 + np.exp(-h @ V - c)), V) / len(c),
    ],
    "backward": [
        lambda x, h, s: (np.einsum("np,nu->pu", x, s * np.sign(h)) / len(x),
                         np.where(h > 0, s, 0).mean(0)),
        gradients_by_loop,
    ],
    "ista_step": [
        lambda x, h, V, c, l1: np.clip(
            h - 4 / np.linalg.eigvalsh(V @ V.T)[-1]
            * ((1 / (1 + np.exp(-h @ V - c)) - x) @ V.T + 784 * l1), 0, None),
        lambda x, h, V, c, l1: (lambda z: (z + abs(z)) / 2)(
            h + 3136 / np.linalg.svd(V)[1][0] ** 2
            * ((x - 1 / (1 + np.exp(-h @ V - c))) @ V.T / 784 - l1)),
    ],
    "by_quantile": [
        quantile_by_sorting,
        lambda h, shares: [
            np.argmax(h == a) for a in np.quantile(h[h > 0], shares, method="lower")
        ],
    ],
    "label_profile": [
        lambda h, labels: [np.mean(labels[h > 0] == digit) for digit in range(10)],
        lambda h, labels: np.eye(10)[labels[h > 0]].mean(axis=0),
    ],
    "purity_and_recall": [
        selectivity_by_counting,
        lambda h, labels: [(best := max((np.mean(labels[h > 0] == d), d) for d in range(10)))[0],
                           np.mean(h[labels == best[1]] > 0)],
    ],
    "steer": [
        lambda sums, atom, amount: [
            [sigmoid(float(z) + amount * float(a) / math.hypot(*atom.tolist()))
             for z, a in zip(row, atom, strict=True)] for row in sums
        ],
        lambda sums, atom, amount: (np.tanh((sums + amount * atom / (atom @ atom) ** 0.5) / 2) + 1)
        / 2,
    ],
}  # fmt: skip


# Expressions of the task's arguments, and the key of what is found wrong with each.
WRONG = """
scale_images:
    raw / 255  # raw / 255
    raw.reshape(-1, 784)  # raw.reshape(len(raw), 784)
    raw.reshape(-1, 784) / 256  # x / n -> x / (n + 1)
    raw.reshape(-1, 784) / raw.max()  # x / n -> x / np.max(x)
    raw.reshape(-1, 784) // 255  # x / y -> x // y
    (raw.reshape(-1, 784) / 255).T  # x.T
    raw.reshape(784, -1) / 255  # x.reshape(len(x), n) -> x.reshape(n, len(x))
bce_of_copies:
    bce(images, np.minimum(copies, 0.9999)).mean(1)  # np.clip(x, y, z) -> np.clip(x, y, 1 - 0.0001)
    np.median(bce(images, copies), axis=1)  # np.mean(x, axis=k) -> np.median(x, axis=k)
    bce(images, copies).mean()  # np.mean(x, axis=k) -> np.mean(x)
    bce(images, copies).sum(axis=1)  # np.mean(x, axis=k) -> np.sum(x, axis=k)
    bce(images, copies).mean(axis=0)  # np.mean(x, axis=k) -> np.mean(x, axis=1 - k)
    -bce(images, copies).mean(axis=1)  # -x -> x
    bce(copies, images).mean(axis=1)  # bce_of_copies(copies, images)
count_parameters:
    sum((a * b for a, b in zip(sizes, sizes[1:])))  # (a + 1) * b -> a * b
    sum((a * b + a for a, b in zip(sizes, sizes[1:])))  # (a + 1) * b -> a * (b + 1)
    sum((a * b for a, b in zip(sizes, sizes[1:]))) + sum(sizes)  # total + sizes[0]
    sizes[0] * sizes[1] + sizes[1]  # list(x)[:1]
    2 * sizes[0] * sizes[1] + sizes[0] + sizes[1]  # 2 * sizes[0] * sizes[1] + sizes[0] + sizes[1]
    50992  # constant
    sum(sizes)  # sum(sizes)
decode:
    1 / (1 + np.exp(-(np.maximum(codes, 0) @ V + c)))  # x @ y -> np.maximum(0, x) @ y
    codes @ V + c  # 1 / (1 + np.exp(-x)) -> x
    1 / (1 + np.exp(codes @ V + c))  # np.exp(x) -> np.exp(-x)
    1 / (1 + np.exp(-(codes @ V)))  # x + y -> x
    1 / (1 + np.exp(-codes @ V + c))  # 1 / (1 + np.exp(-(x + y))) -> 1 / (1 + np.exp(-x + y))
    1 / 1 + np.exp(-(codes @ V + c))  # 1 / (1 + np.exp(-x)) -> 1 / 1 + np.exp(-x)
    np.maximum(0, codes @ V + c)  # 1 / (1 + np.exp(-x)) -> np.maximum(0, x)
activity_penalty:
    l1 * np.abs(codes).sum()  # np.mean(np.sum(x, axis=1)) -> np.sum(x)
    l1 * np.abs(codes).mean()  # np.mean(np.sum(x, axis=1)) -> np.mean(x)
    l1 * np.abs(codes).mean(axis=1).sum()  # np.mean(np.sum(x, axis=1)) -> np.mean(x, axis=1).sum()
    np.abs(codes).sum(axis=1).mean()  # x * y -> y
    l1 * codes.sum(axis=1).mean()  # np.abs(x) -> x
    l1 * (codes ** 2).sum(axis=1).mean()  # np.abs(x) -> x**2
    l1 * np.abs(codes).sum(axis=1)  # np.mean(np.sum(x, axis=1)) -> np.sum(x, axis=1)
kernel_penalty:
    np.abs(kernel).sum()  # x * y -> y
    l1 * np.abs(kernel).mean()  # np.sum(x) -> np.mean(x)
    l1 * np.abs(kernel).sum(axis=1).mean()  # np.sum(x) -> np.mean(np.sum(x,
        # axis=1))
    l1 * kernel.sum()  # np.abs(x) -> x
    l1 * (kernel ** 2).sum()  # np.abs(x) -> x**2
    l1 * np.abs(kernel).sum(axis=0)  # np.sum(x) -> np.sum(x, axis=0)
    l1 * np.linalg.norm(kernel)  # np.sum(np.abs(x)) -> np.sqrt(np.sum(x**2))
share_of_the_way:
    (loss - floor) / (ceiling - floor)  # (loss - floor) / (ceiling - floor)
    (loss - ceiling) / (ceiling - floor)  # x - y -> y - x
    ceiling - loss  # x / y -> x
    (ceiling - loss) / ceiling  # (x - y) / (x - z) -> (x - y) / x
    100 * (ceiling - loss) / (ceiling - floor)  # 100 * x
    round((ceiling - loss) / (ceiling - floor), 2)  # np.round(x, 2)
    round((ceiling - loss) / (ceiling - floor), 3)  # np.round(x, 3)
penalty_curve:
    np.subtract(history['val_loss'], history['val_binary_crossentropy'])
        # np.subtract(history['val_loss'], history['val_binary_crossentropy'])
    np.subtract(history['binary_crossentropy'], history['loss'])  # x - y -> y - x
    np.divide(history['loss'], history['binary_crossentropy'])  # x - y -> x / y
    history['loss'][-1] - history['binary_crossentropy'][-1]  # x[-1]
    history['loss'] - history['binary_crossentropy']  # TypeError 'list' and
    np.subtract(history['loss'], history['val_loss'])  # 'binary_crossentropy' -> 'val_loss'
    history['loss']  # x - y -> x
same_brightest_pixel:
    images[:, 1:].argmax(1) == copies[:, 1:].argmax(1)  # np.argmax(x, axis=k) -> np.argmax(x[:,
        # 1:], axis=k)
    images[0].argmax() == copies[0].argmax()  # x[0]
    images.max(axis=1) == copies.max(axis=1)  # images.max(axis=1) == copies.max(axis=1)
    images.argmax(axis=0) == copies.argmax(axis=0)  # np.argmax(x, axis=k) -> np.argmax(x, axis=1 -
        # k)
    images.argmax() == copies.argmax()  # np.argmax(x, axis=k) -> np.argmax(x)
    (images.argmax(axis=1) == copies.argmax(axis=1)).mean()  # x.mean()
learning_rate:
    peak * (1 + math.cos(math.pi * step / steps)) / 2  # peak * (1 + np.cos(np.pi * step / steps)) /
        # 2
    peak * step / steps * 10 if step < steps / 10 else peak  # (1 + wave) / 2 -> 1
    peak * step / steps * 10 if step < steps / 10 else peak * (steps - step) / (0.9 * steps)  # (1 +
        # wave) / 2 -> 1 - done
    peak  # not the argument
    peak * step / steps * 10 if step < steps / 10 else None  # None
    peak * step / (step - step)  # ZeroDivisionError
encode_by_hand:
    np.max(0, images @ W + b)  # TypeError only integer scalar arrays
    images @ W + b  # np.maximum(0, x) -> x
    np.maximum(0, images @ W)  # x + y -> x
    np.maximum(0, images @ W) + b  # np.maximum(0, x + y) -> np.maximum(0, x) + y
    np.max(images @ W + b)  # np.maximum(0, x) -> np.max(x)
    np.abs(images @ W + b)  # np.maximum(0, x) -> np.abs(x)
    1 / (1 + np.exp(-(images @ W + b)))  # np.maximum(0, x) -> 1 / (1 + np.exp(-x))
units_on:
    (codes > 0).sum(axis=1).tolist  # another kind
    [(codes[i] > 0).sum() for i in range(min(codes.shape))]  # dropped
    (codes > 0).sum(axis=int(np.argmax(codes.shape)))  # how many
    (codes != 0).sum(axis=1)  # x > 0 -> x != 0
    (codes > 0).sum(axis=0)  # np.sum(x, axis=k) -> np.sum(x, axis=1 - k)
    (codes > 0).sum()  # np.sum(x, axis=k) -> np.sum(x)
    (codes >= 0).sum(axis=1)  # x > 0 -> x >= 0
firing_rates_of:
    (codes[:40] > 0).mean(0)  # np.mean(x, axis=k) -> np.mean(x[:40], axis=k)
    (codes > 0).sum(axis=0, dtype='int8') / len(codes)  # np.mean(x, axis=k) -> np.sum(x, axis=k,
        # dtype='int8') / np.shape(x)[k]
    (codes != 0).mean(axis=0)  # x > 0 -> x != 0
    (codes > 0).mean(axis=1)  # np.mean(x, axis=k) -> np.mean(x, axis=1 - k)
    (codes > 0).sum(axis=0)  # np.mean(x, axis=k) -> np.sum(x, axis=k)
    (codes > 0).mean()  # np.mean(x, axis=k) -> np.mean(x)
    100 * (codes > 0).mean(axis=0)  # 100 * x
dead_units:
    np.flatnonzero((codes == 0).all(axis=0))  # np.flatnonzero((codes == 0).all(axis=0))
    np.flatnonzero(codes.sum(axis=0) == 0)  # np.any(x > 0, axis=k) -> np.sum(x, axis=k) != 0
    (~(codes > 0).any(axis=0)).sum()  # np.flatnonzero(x) -> np.sum(x)
    ~(codes > 0).any(axis=0)  # np.flatnonzero(x) -> x
    np.where(~(codes > 0).any(axis=0))  # np.flatnonzero(x) -> np.where(x)
    np.argwhere(~(codes > 0).any(axis=0))  # np.flatnonzero(x) -> np.argwhere(x)
    np.flatnonzero(~(codes > 0).any(axis=1))  # np.any(x, axis=k) -> np.any(x, axis=1 - k)
rescale:
    [weights[0] / factor, weights[1], weights[2] * factor, weights[3]]  # b / factor -> b
    [weights[0] * factor, weights[1] * factor, weights[2] / factor, weights[3]]  # [W * factor, b *
        # factor, V / factor, c]
    [weights[0] / factor, weights[1] / factor, weights[2] * factor, weights[3] * factor]  # c -> c *
        # factor
    [a / factor for a in weights]  # V * factor -> V / factor and c -> c / factor
    [weights[0] / factor, weights[1] / factor, weights[2], weights[3]]  # V * factor -> V
    [weights[0] / 10, weights[1] / 10, weights[2] * 10, weights[3]]  # rescale(weights, 10)
    [weights[0] / factor, weights[2] * factor]  # arrays
worst_digits:
    np.argsort(bce(images, copies).mean(1))[:n]  # worst -> np.argsort(errors)
    np.argsort(bce(images, copies).mean(1))[-n:]  # worst[:n] -> worst[:n][::-1]
    np.argsort(-((images - copies) ** 2).mean(1))[:n]  # errors -> ((images - copies) **
        # 2).mean(axis=1)
    np.sort(bce(images, copies).mean(1))[::-1][:n]  # worst[:n] -> errors[worst[:n]]
    np.argsort(-bce(images, copies).mean(1))  # n -> 100
    np.argsort(-bce(images, copies).mean(1))[:10]  # n -> 10
    np.argsort(-bce(images, copies).mean(0))[:n]  # np.mean(x, axis=k) -> np.mean(x, axis=1 - k)
keep_strongest:
    np.where((-codes * np.linalg.norm(V, axis=1)).argsort(1) < k, codes, 0)  # rank ->
        # np.argsort(-strength)
    codes * np.linalg.norm(V, axis=0)  # ValueError broadcast
    (-codes * np.linalg.norm(V, axis=1)).argsort(1)[:, :k]  # np.argsort(-strength)[:, :k]
switch_off:
    np.where(np.arange(codes.shape[1]) == unit, 1e-06, codes)  # another kind
    np.delete(codes, unit, axis=1)  # np.delete(codes, unit, axis=1)
    codes * (np.arange(codes.shape[1]) == unit)  # codes - switch_off(codes, unit)
    codes  # codes
    np.zeros(codes.shape)  # 0 * codes
    codes[:, unit]  # 1 * codes[:, unit]
    np.where(codes == codes[:, [unit]], 0, codes)  # changed(codes, codes == codes[:, [unit]], 0)
best_rates:
    {n: max(((results[m, q], q) for m, q in results if m == n))[1] for n, _ in results}  # bce <
        # lowest[optimizer] -> bce > lowest[optimizer]
    {n: min((results[m, q] for m, q in results if m == n)) for n, _ in results}  # lowest
    {n: min((q for m, q in results if m == n)) for n, _ in results}  # bce < lowest[optimizer] ->
        # rate < best[optimizer]
    dict([min(results, key=results.get)])  # dict([min(results, key=results.get)])
    {n: min(results, key=results.get)[1] for n, _ in results}  # {name: min(results,
        # key=results.get)[1] for name, _ in results}
    {'adam': 0.001, 'sgd': 0.1}  # not the argument
not_beaten:
    [min(rows, key=lambda n: rows[n]['bce'])]  # [min(rows, key=lambda n: rows[n]['bce'])]
    [min(rows, key=lambda n: rows[n]['l0'])]  # x and y -> y
    []  # x < y -> x <= y
code_penalty:
    0.0001 * ops.sum(ops.sqrt(ops.square(codes)))  # another kind
    0.0001 * ops.sum(ops.abs(codes)) if ops.sum(codes) > 0 else 0 * ops.sum(codes)  # for Keras
    0.0001 * ops.mean(ops.sum(ops.abs(codes), axis=1))  # h.sum() -> h.sum(axis=1).mean()
    0.0001 * ops.mean(ops.abs(codes))  # h.sum() -> h.mean()
    ops.sum(ops.abs(codes))  # 1e-4 -> 1
    0.0001 * ops.sum(codes)  # np.abs(codes) -> codes
    0.0001 * ops.sum(codes ** 2)  # np.abs(codes) -> codes**2
top_k:
    np.where(np.maximum(0, codes).argsort(1) >= codes.shape[1] - k, np.maximum(0, codes),
        0)  # place < k -> np.argsort(lit, axis=1) >= lit.shape[1] - k
    np.where((-np.maximum(0, codes)).argsort(0).argsort(0) < k, np.maximum(0, codes),
        0)  # np.argsort(x, axis=1) -> np.argsort(x, axis=0)
    np.where((-np.maximum(0, codes)).argsort(1).argsort(1) <= k, np.maximum(0, codes),
        0)  # place < k -> place <= k
    np.where(codes >= np.sort(np.maximum(0, codes))[:, [-k]], np.maximum(0, codes),
        0)  # place < k -> place < (k or lit.shape[1])
best_scale:
    (codes * wanted).sum() / codes.sum()  # squares.sum() -> codes.sum()
    np.mean(wanted[codes > 0] / codes[codes > 0])  # products.sum() / squares.sum() -> (wanted /
        # np.where(codes, codes, 1))[codes > 0].mean()
dead_since:
    history.argmax(axis=0)  # np.where(ever, last, len(history)) -> history.argmax(axis=0)
by_quantile:
    np.argsort(activations)[(np.array(shares) * (len(activations) - 1)).astype(int)]  # activations
        # > 0 -> activations >= 0
    np.quantile(activations[activations > 0], shares)  # lit[order[places.astype(int)]] ->
        # np.quantile(activations[lit], shares)
label_profile:
    np.bincount(labels[activations > 0], minlength=10)  # counts / on.sum() -> counts
    np.bincount(labels[activations > 0], minlength=10) / len(labels)  # counts / on.sum() -> counts
        # / len(labels)
    [np.mean(activations[labels == d] > 0) if d in labels else 0 for d in range(10)]  # counts /
        # on.sum() -> counts / np.maximum(1, np.bincount(labels, minlength=10))
    [np.mean(labels == d) for d in range(10)]  # counts / on.sum() -> np.bincount(labels,
        # minlength=10) / len(labels)
    np.bincount(labels[activations > 0]) / np.sum(activations > 0)  # dropped
purity_and_recall:
    np.bincount(labels[activations > 0]).max() / np.sum(activations > 0)  # (purity,
        # recall) -> purity
steer:
    1 / (1 + np.exp(-(sums + amount * atom)))  # amount * atom / length -> amount * atom
    1 / (1 + np.exp(-sums)) + amount * atom / np.linalg.norm(atom)  # 1 / (1 + np.exp(-(sums +
        # push))) -> 1 / (1 + np.exp(-sums)) + push
    sums + amount * atom / np.linalg.norm(atom)  # 1 / (1 + np.exp(-x)) -> x
    1 / (1 + np.exp(-(sums - amount * atom / np.linalg.norm(atom))))  # sums + push -> sums - push
"""
