"""The checks: right answers pass, wrong ones are refused, and the usual mistakes are named.

Three things for each exercise: the notebook's own solution, RIGHT with other right ways, and
WRONG with wrong answers, each with words that its message must hold. Add yours to all three.
"""

import dataclasses
import functools
import json
import math
import statistics
from collections import OrderedDict
from fractions import Fraction
from pathlib import Path

import nbclient
import nbformat
import numpy as np
import pytest
from conftest import own_sockets
from jupyter_client.manager import AsyncKernelManager

from sparse_ae import checks
from sparse_ae.checks import judging
from sparse_ae.checks.reading import same
from sparse_ae.support.keras_start import keras

ROOT = Path(__file__).parent.parent
ops = keras.ops


def solutions():
    """{name: the function of the notebook's solution cell}."""
    found = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        names = {"np": np, "keras": keras}
        exec("from sparse_ae import *", names)
        for cell in nbformat.read(path, as_version=4).cells:
            about = cell.metadata.get("nbgrader", {})
            if about.get("solution") and cell.source.startswith(f"def {about.grade_id}("):
                exec(cell.source, names)
                found[about.grade_id] = names[about.grade_id]
    return found


SOLUTIONS = solutions()


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
        lambda loss, floor, ceiling: np.interp(loss, [floor, ceiling], [1, 0])
        if floor <= loss <= ceiling
        else np.float32((ceiling - loss) / (ceiling - floor)),
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
        lambda x, p, n: sorted(range(len(x)), key=lambda i: -loop_bce(x, p)[i])[:n],
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
        lambda rows: {name: rows[name] for name in front_by_sorting(rows)},
    ],
    "code_penalty": [
        Penalty,
        Penalty(1e-4),
        keras.regularizers.L1(1e-4),
        lambda codes: 1e-4 * ops.norm(ops.reshape(codes, (-1,)), ord=1),
        lambda h: ops.sum(ops.mean(ops.abs(h), axis=0)) * ops.cast(ops.shape(h)[0], h.dtype) * 1e-4,
    ],
}  # fmt: skip


def bce(x, p):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return -(x * np.log(p) + (1 - x) * np.log(1 - p))


WEIGHTS = np.full((784, 32), 0.1)  # an array of the notebook


def in_place(codes, unit):
    codes[:, unit] = 0
    return codes


def rescale_in_place(weights, factor):
    weights[0] /= factor
    weights[1] /= factor
    weights[2] *= factor
    return weights


def overwriting_rates(results):
    best = {}
    for (name, rate), _ in results.items():
        best[name] = rate
    return best


OF_THE_NOTEBOOK = np.array([1, 2])


def _half_held(penalty):
    return 0.5 * (penalty + ops.stop_gradient(penalty))


WRONG = {
    "scale_images": [
        (lambda raw: raw / 255, "square"),
        (lambda raw: raw.reshape(-1, 784), "scale"),
        (lambda raw: raw.reshape(-1, 784) / 256, "256"),
        (lambda raw: raw.reshape(-1, 784) / raw.max(), "largest"),
        (lambda raw: raw.reshape(-1, 784) // 255, "integer"),
        (lambda raw: (raw.reshape(-1, 784) / 255).astype("uint8"), "integer"),
        (lambda raw: (raw.reshape(-1, 784) / 255).T, "swapped"),
        (lambda raw: raw.reshape(784, -1) / 255, "shape"),
        (lambda raw: np.round(raw.reshape(-1, 784) / 255, 2), "rounded"),
        (lambda raw: raw.reshape(-1, 784) / 255 * 2, "factor"),
        (lambda raw: (raw / 255).astype("float16").reshape(-1, 784), None),
        (lambda raw: raw[:5].reshape(-1, 784) / 255, None),
        (lambda raw: raw.reshape(-1, 784).__itruediv__(255), "float array first"),
        (lambda raw: raw.reshape(-1, 784) * np.uint8(100) / 255, "uint8"),
        (lambda raw: raw[0].reshape(1, 784) / 255, "only the first image"),
        (lambda raw: np.zeros((10_000, 784)), "variable of the notebook"),
    ],
    "bce_of_copies": [
        (lambda x, p: bce(x, np.minimum(p, 0.9999)).mean(1), "end at 0.9999"),
        (lambda x, p: np.median(bce(x, p), axis=1), "median"),
        (lambda x, p: bce(x, p).mean(), "one number"),
        (lambda x, p: bce(x, p).sum(axis=1), "mean"),
        (lambda x, p: bce(x, p).mean(axis=0), "axis"),
        (lambda x, p: -bce(x, p).mean(axis=1), "sign"),
        (lambda x, p: bce(p, x).mean(axis=1), "swapped"),
        (lambda x, p: -(x * np.log(p) + (1 - x) * np.log(1 - p)).mean(axis=1), "logarithm of 0"),
        (lambda x, p: ((x - p) ** 2).mean(axis=1), "squared"),
        (lambda x, p: bce(x, p).mean(axis=1) / np.log(2), "base 2"),
        (lambda x, p: bce(x, np.clip(p, 0.001, 0.999)).mean(axis=1), "distance"),
        (lambda x, p: bce(x, p).sum(axis=1) / 28, "28"),
        (lambda x, p: np.nan_to_num(bce(x, p)).mean(axis=1) / 2, "of 2"),
        (lambda x, p: bce(x, p), "per pixel"),
        (lambda x, p: bce(x, p).mean(axis=1).round(2), "rounded"),
        (lambda x, p: bce(x, p).mean(axis=1, keepdims=True), "shape"),
        (lambda x, p: bce(1 - x, p).mean(axis=1), "exchanged"),
        (lambda x, p: np.where(x == p, 0, bce(x, p)).mean(axis=1), None),
        (lambda x, p: -np.log(max(p, 1e-7)).mean(axis=1), "one value"),
        (lambda x, p: [math.log(row) for row in p], "take arrays"),
        (lambda copies, images: bce(images, copies).mean(axis=1), "swapped"),
    ],
    "count_parameters": [
        (lambda s: sum(a * b for a, b in zip(s, s[1:])), "biases"),  # noqa: B905, RUF007
        (lambda s: sum(a * b + a for a, b in zip(s, s[1:])), "biases"),  # noqa: B905, RUF007
        (lambda s: sum(a * b for a, b in zip(s, s[1:])) + sum(s), "input"),  # noqa: B905, RUF007
        (lambda s: s[0] * s[1] + s[1], "first layer"),
        (lambda s: 2 * s[0] * s[1] + s[0] + s[1], "whole list"),
        (lambda s: 50992, "whatever the input"),
        (lambda s: sum(s), "units"),
        (lambda s: s[0] * s[1] + s[1] + s[1] * s[2] + s[2], "IndexError"),
        (lambda s: s * s, "TypeError"),
        (lambda s: str(sum(s)), "text"),
        (lambda s: sum(s[i - 1] * s[i] + s[i] for i in range(len(s))), "one step early"),
        (lambda s: sum(a * b + b for a, b in set(zip(s, s[1:]))), "once"),  # noqa: B905, RUF007
        (lambda s: sum(a * b + b for a, b in zip(s, s[1:])) + 1, None),  # noqa: B905, RUF007
    ],
    "decode": [
        (lambda h, V, c: 1 / (1 + np.exp(-(np.maximum(h, 0) @ V + c))), "ReLU on the codes"),
        (lambda h, V, c: 1 / (1 + np.exp(-(h[:, :32] @ V[:32] + c))), None),
        (lambda h, V, c: h @ V + c, "sigmoid"),
        (lambda h, V, c: 1 / (1 + np.exp(h @ V + c)), "sign"),
        (lambda h, V, c: 1 / (1 + np.exp(-(h @ V))), "`c`"),
        (lambda h, V, c: 1 / (1 + np.exp(-h @ V + c)), "subtracted"),
        (lambda h, V, c: 1 / 1 + np.exp(-(h @ V + c)), "brackets"),
        (lambda h, V, c: np.maximum(0, h @ V + c), "ReLU"),
        (lambda h, V, c: ops.softmax(h @ V + c), "softmax"),
        (lambda h, V, c: 1 / (1 + np.exp(-(h @ V.T + c))), "shapes"),
        (lambda h, V, c: 1 / (1 + np.exp(-(V @ h + c))), "ValueError"),
        (lambda h, V, c: (1 / (1 + np.exp(-(h @ V + c)))).round(1), "rounded"),
        (lambda h, V, c: 1 / (1 + np.exp(-(h @ V)) + c), "outside the exponent"),
        (lambda h, V, c: 1 / (1 + np.exp2(-(h @ V + c))), "base"),
        (lambda h, V, c: 1 / (1 + 2.718 ** -(h @ V + c)), "few digits"),
        (lambda c, V, h: 1 / (1 + np.exp(-(h @ V + c))), None),
        (lambda c, codes, V: 1 / (1 + np.exp(-(codes @ V + c))), "another order"),
        (lambda h, V, c: (1 / (1 + np.exp(-(h @ V + c)))).astype(int), "fraction"),
    ],
    "activity_penalty": [
        (lambda h, l1: l1 * np.abs(h).sum() / min(h.shape), None),
        (lambda h, l1: l1 * np.abs(h).sum(), "summed over the batch"),
        (lambda h, l1: l1 * np.abs(h).mean(), "over the units"),
        (lambda h, l1: l1 * np.abs(h).mean(axis=1).sum(), "axis"),
        (lambda h, l1: np.abs(h).sum(axis=1).mean(), "λ"),
        (lambda h, l1: l1 * h.sum(axis=1).mean(), "signs"),
        (lambda h, l1: l1 * (h**2).sum(axis=1).mean(), "L2"),
        (lambda h, l1: l1 * np.abs(h).sum(axis=1), "one penalty per image"),
        (lambda h, l1: l1 * (h > 0).sum(axis=1).mean(), "counted"),
        (lambda h, l1: 2 * l1 * np.abs(h).sum(axis=1).mean(), "of 2"),
        (lambda h, l1: l1**2 * np.abs(h).sum(axis=1).mean(), "l1"),
        (lambda h, l1: l1 * np.abs(h).sum(axis=1).mean() / 784, "784"),
        (lambda h, l1: l1 * np.abs(h).sum() / 256, "written in"),
        (lambda h, l1: l1 * np.abs(h).mean() * 32, "32"),
        (lambda h, l1: l1 * np.abs(WEIGHTS).sum(), "weights in place of activations"),
        (lambda h, l1: l1 * np.abs(h).sum() / 5, "5 images"),
        (lambda h, l1: l1 * np.abs(h[0]).sum(), "first image"),
        (lambda h, l1: l1 * np.abs(h).sum() / (h != 0).any(axis=1).sum(), "left out"),
        (lambda h, l1: l1 * np.abs(np.unique(h, axis=0)).sum(axis=1).mean(), "once"),
        (lambda l1, codes: l1 * np.abs(codes).sum(axis=1).mean(), "another order"),
    ],
    "kernel_penalty": [
        (lambda W, l1: np.abs(W).sum(), "λ"),
        (lambda W, l1: l1 * np.abs(W).mean(), "mean"),
        (lambda W, l1: l1 * np.abs(W).sum(axis=1).mean(), "batch"),
        (lambda W, l1: l1 * W.sum(), "signs"),
        (lambda W, l1: l1 * (W**2).sum(), "L2"),
        (lambda W, l1: l1 * np.abs(W).sum(axis=0), "per unit"),
        (lambda W, l1: l1 * np.linalg.norm(W), "L2"),
        (lambda W, l1: l1 * np.linalg.norm(W, 1), "norm"),
        (lambda W, l1: l1 * np.abs(W).sum() / 2, "of 2"),
        (lambda W, l1: l1 * np.abs(W[:784, :5]).sum(), None),
    ],
    "share_of_the_way": [
        (lambda a, low, high: (a - low) / (high - low), "still to go"),
        (lambda a, low, high: (a - high) / (high - low), "sign"),
        (lambda a, low, high: high - a, "divide"),
        (lambda a, low, high: (high - a) / high, "ceiling"),
        (lambda a, low, high: 100 * (high - a) / (high - low), "percent"),
        (lambda a, low, high: round((high - a) / (high - low), 2), "rounded"),
        (lambda a, low, high: round((high - a) / (high - low), 3), "rounded"),
        (lambda a, low, high: (high - a) // (high - low), "integer"),
        (lambda a, low, high: f"{(high - a) / (high - low):.0%}", "text"),
        (lambda a, low, high: max(0, (high - a) / (high - low)), "cut off"),
        (lambda a, low, high: high - a / high - low, "brackets"),
        (lambda a, low, high: 0.75, "whatever the input"),
        (lambda a, low, high: (high - low) / (high - a), "upside down"),
        (lambda a, low, high: (0.2625 - a) / (0.2625 - 0.0581), "written in"),
        (lambda floor, ceiling, loss: (ceiling - loss) / (ceiling - floor), "another order"),
    ],
    "penalty_curve": [
        (lambda h: np.subtract(h["val_loss"], h["val_binary_crossentropy"]), "test images"),
        (lambda h: np.subtract(h["binary_crossentropy"], h["loss"]), "sign"),
        (lambda h: np.divide(h["loss"], h["binary_crossentropy"]), "ratio"),
        (lambda h: h["loss"][-1] - h["binary_crossentropy"][-1], "last epoch"),
        (lambda h: h["loss"] - h["binary_crossentropy"], "lists"),
        (lambda h: np.subtract(h["loss"], h["val_loss"]), "training"),
        (lambda h: h["loss"], "cross-entropy"),
        (lambda h: np.subtract(h["loss"], h["accuracy"]), "accuracy"),
        (lambda h: np.subtract(h["loss"], h["bce"]), "KeyError"),
        (lambda h: np.subtract(h.history["loss"], h.history["binary_crossentropy"]), "Attribute"),
        (lambda h: np.mean(np.subtract(h["loss"], h["binary_crossentropy"])), "mean"),
        (lambda h: np.subtract(h["loss"], h["binary_crossentropy"])[1:], "first epoch"),
        (lambda h: h["loss"] + h["binary_crossentropy"], "one after the other"),
    ],
    "same_brightest_pixel": [
        (lambda x, p: x[:, 1:].argmax(1) == p[:, 1:].argmax(1), "left out"),
        (lambda x, p: x[0].argmax() == p[0].argmax(), "only the first"),
        (lambda x, p: x.argmax(1).astype("uint8") == p.argmax(1).astype("uint8"), None),
        (lambda x, p: x.max(axis=1) == p.max(axis=1), "values"),
        (lambda x, p: x.argmax(axis=0) == p.argmax(axis=0), "axis"),
        (lambda x, p: x.argmax() == p.argmax(), "one answer"),
        (lambda x, p: (x.argmax(axis=1) == p.argmax(axis=1)).mean(), "share"),
        (lambda x, p: x.argmin(axis=1) == p.argmin(axis=1), "darkest"),
        (lambda x, p: x == p, "per pixel"),
        (lambda x, p: x.argmax(axis=1) != p.argmax(axis=1), "swapped"),
        (lambda x, p: ((x > 0.5) == (p > 0.5)).mean(axis=1), "binary_accuracy"),
        (lambda x, p: (x.argmax(1), p.argmax(1)), "shape"),
        (lambda x, p: np.isclose(x, p).all(axis=1), "all pixels"),
        (lambda x, p: x[:, ::-1].argmax(axis=1) == p[:, ::-1].argmax(axis=1), "ties"),
        (lambda x, p: x.argsort(axis=1)[:, -1] == p.argsort(axis=1)[:, -1], "ties"),
        (lambda x, p: abs(x.argmax(axis=1) - p.argmax(axis=1)) <= 1, "near place"),
        (lambda x, p: x.argmax(axis=1) % 28 == p.argmax(axis=1) % 28, "column"),
    ],
    "learning_rate": [
        (lambda s, n, p: p * (1 + math.cos(math.pi * s / n)) / 2, "warm-up is missing"),
        (lambda s, n, p: p * s / n * 10 if s < n / 10 else p, "peak"),
        (lambda s, n, p: p * s / n * 10 if s < n / 10 else p * (n - s) / (0.9 * n), "straight"),
        (
            lambda s, n, p: p * s / n * 10
            if s < n / 10
            else p * (1 + math.cos(math.pi * s / n)) / 2,
            "cosine begins",
        ),
        (
            lambda s, n, p: p * s / n * 10
            if s < n / 10
            else p * math.cos(math.pi * (s - n / 10) / (0.9 * n)),
            "negative",
        ),
        (
            lambda s, n, p: p * s / n * 10
            if s < n / 10
            else p * (1 + math.cos(math.pi * (s - n / 10) / (0.9 * n))),
            "twice",
        ),
        (
            lambda s, n, p: p * s / n * 5
            if s < n / 5
            else p * (1 + math.cos(math.pi * (s - n / 5) / (0.8 * n))) / 2,
            "20%",
        ),
        (
            lambda s, n, p: p * s / n * 10
            if s <= n / 10
            else 1 + p * math.cos(math.pi * (s - n / 10) / (0.9 * n)),
            "after the warm-up",
        ),
        (
            lambda s, n, p: s / n * 10
            if s <= n / 10
            else p * (1 + math.cos(math.pi * (s - n / 10) / (0.9 * n))) / 2,
            "missing in the warm-up",
        ),
        (lambda s, n, p: p, "always"),
        (lambda s, n, p: p * s / n * 10 if s < n / 10 else None, "return"),
        (lambda s, n, p: p * s / (s - s), "ZeroDivisionError"),
        (lambda s, n, p: 1.001 * keras_schedule(s, n, p), None),
    ],
    "encode_by_hand": [
        (lambda x, W, b: np.where((z := x @ W + b).max(1)[:, None] > 0, np.maximum(z, 0), z), None),
        (lambda x, W, b: np.max(0, x @ W + b), "np.maximum"),
        (lambda x, W, b: x @ W + b, "ReLU"),
        (lambda x, W, b: np.maximum(0, x @ W), "`b`"),
        (lambda x, W, b: np.maximum(0, x @ W) + b, "after"),
        (lambda x, W, b: np.max(x @ W + b), "np.max"),
        (lambda x, W, b: np.abs(x @ W + b), "negative"),
        (lambda x, W, b: 1 / (1 + np.exp(-(x @ W + b))), "sigmoid"),
        (lambda x, W, b: np.maximum(0, W @ x + b), "shapes"),
        (lambda x, W, b: max(0, x @ W + b), "ValueError"),
        (lambda x, W, b: np.maximum(0, x @ W + b).T, "swapped"),
        (lambda x, W, b: np.minimum(0, x @ W + b), "smaller"),
        (lambda x, W, b: np.maximum(0, x @ W + b).round(), "fraction"),
        (lambda x, W, b: np.maximum(0, x @ W + b)[0], "only the first of the rows"),
        (lambda x, W, b: np.max(x @ W + b, axis=1), "np.max"),
        (lambda x, W, b: [max(0, sums) for sums in x @ W + b], "one value"),
    ],
    "units_on": [
        (lambda h: (h > 0).sum(axis=1).tolist, "with parentheses"),
        (lambda h: [(h[i] > 0).sum() for i in range(min(h.shape))], None),
        (lambda h: (h > 0).sum(axis=int(np.argmax(h.shape))), None),
        (lambda h: (h != 0).sum(axis=1), "!= 0"),
        (lambda h: np.count_nonzero(h, axis=1), "!= 0"),
        (lambda h: (h > 0).sum(axis=0), "axis"),
        (lambda h: (h > 0).sum(), "each image"),
        (lambda h: (h >= 0).sum(axis=1), ">= 0"),
        (lambda h: (h > 0).mean(axis=1), "share"),
        (lambda h: h.sum(axis=1), "added up"),
        (lambda h: (h == 0).sum(axis=1), "off"),
        (lambda h: h > 0, "True"),
        (lambda h: (h > 1e-3).sum(axis=1), "0.001"),
        (lambda h: (h > 0).sum(axis=1).mean(), "mean"),
        (lambda h: 2 * (h > 0).sum(axis=1), "of 2"),
        (lambda h: [3, 1, 2], "every input"),
        (lambda h: np.where(h > 0), "places"),
        (lambda h: 32 - (h <= 0).sum(axis=1), "32"),
        (lambda h: np.bincount(np.nonzero(h > 0)[0]), "bincount"),
        (lambda h: (h[:, :32] > 0).sum(axis=1), "32"),
        (lambda h: (h > 1e-6).sum(axis=1), "1e-06"),
        (lambda h: np.cumsum((h > 0).sum(axis=1)), "start from 0"),
    ],
    "firing_rates_of": [
        (lambda h: (h[: min(h.shape)] > 0).mean(0), None),
        (lambda h: (h > 0).sum(axis=0, dtype="int8") / len(h), "overflow"),
        (lambda h: (h != 0).mean(axis=0), "!= 0"),
        (lambda h: (h > 0).mean(axis=1), "axis"),
        (lambda h: (h > 0).sum(axis=0), "divide"),
        (lambda h: (h > 0).mean(), "one number"),
        (lambda h: 100 * (h > 0).mean(axis=0), "percent"),
        (lambda h: h.mean(axis=0), "activation"),
        (lambda h: (h <= 0).mean(axis=0), "off"),
        (lambda h: (h > 0).sum(axis=0) / 32, "written in"),
        (lambda h: (h > 0).sum(axis=0) // len(h), "fraction"),
        (lambda h: (h > 0).sum(axis=0) / 7, "7 images"),
        (lambda h: (h > 0).mean(axis=0).round(1), "rounded"),
        (lambda h: (h > 0).mean(axis=0, keepdims=True), "shape"),
    ],
    "dead_units": [
        (lambda h: np.flatnonzero((h == 0).all(axis=0)), "!= 0"),
        (lambda h: np.flatnonzero(h.sum(axis=0) == 0), "sum"),
        (lambda h: (~(h > 0).any(axis=0)).sum(), "number"),
        (lambda h: ~(h > 0).any(axis=0), "True"),
        (lambda h: np.where(~(h > 0).any(axis=0)), "tuple"),
        (lambda h: np.argwhere(~(h > 0).any(axis=0)), "column"),
        (lambda h: np.flatnonzero(~(h > 0).any(axis=1)), "axis"),
        (lambda h: np.flatnonzero((h > 0).any(axis=0)), "that are on"),
        (lambda h: np.flatnonzero((h <= 0).any(axis=0)), "some image"),
        (lambda h: (h > 0).mean(axis=0), "rates"),
        (lambda h: [7], "whatever the input"),
        (lambda h: np.flatnonzero(~(h > 0).any(axis=0)) + 1, "from 1"),
        (lambda h: np.flatnonzero((h > 0).mean(axis=0) < 0.01), "rarely"),
        (lambda h: np.flatnonzero(~(h[:1000] > 0).any(axis=0)), "rarely"),
        (lambda h: np.flatnonzero(~(h > 1e-6).any(axis=0)), "1e-06"),
        (lambda h: np.flatnonzero(~(h > 0).any(axis=0))[0], "one unit only"),
        (lambda h: np.flatnonzero(~(h > 0).any()), "axis"),
    ],
    "rescale": [
        (lambda w, f: [w[0] / f, w[1], w[2] * f, w[3]], "`b`"),
        (lambda w, f: [w[0] * f, w[1] * f, w[2] / f, w[3]], "larger"),
        (lambda w, f: [w[0] / f, w[1] / f, w[2] * f, w[3] * f], "`c`"),
        (lambda w, f: [a / f for a in w], "all four"),
        (lambda w, f: [w[0] / f, w[1] / f, w[2], w[3]], "decoder"),
        (rescale_in_place, "in place"),
        (lambda w, f: [w[0] / 10, w[1] / 10, w[2] * 10, w[3]], "written in"),
        (lambda w, f: [w[0] / f, w[2] * f], "2 arrays"),
        (lambda w, f: w[0] / f, None),
        (lambda w, f: [w[0] // f, w[1] // f, w[2] * f, w[3]], "integer"),
        (lambda w, f: w, "nothing has changed"),
        (lambda w, f: [w[0] / f, *w[1:]], "only `W`"),
        (lambda w, f: [(w[0] / f).round(2), w[1] / f, w[2] * f, w[3]], None),
    ],
    "worst_digits": [
        (lambda x, p, n: np.argsort(bce(x, p).mean(1))[:n], "best"),
        (lambda x, p, n: np.argsort(bce(x, p).mean(1))[-n:], "last"),
        (lambda x, p, n: np.argsort(-((x - p) ** 2).mean(1))[:n], "squared"),
        (lambda x, p, n: np.sort(bce(x, p).mean(1))[::-1][:n], "errors themselves"),
        (lambda x, p, n: np.argsort(-bce(x, p).mean(1)), "`n`"),
        (lambda x, p, n: np.argsort(-bce(x, p).mean(1))[:10], "ten"),
        (lambda x, p, n: np.argsort(-bce(x, p).mean(0))[:n], "pixels"),
        (lambda x, p, n: x[np.argsort(-bce(x, p).mean(1))[:n]], "images themselves"),
        (lambda x, p, n: np.argmax(bce(x, p).mean(1)), "only the worst"),
        (lambda x, p, n: np.sort(np.argsort(-bce(x, p).mean(1))[:n]), "sorted by their numbers"),
        (lambda x, p, n: range(n), None),
        (lambda x, p, n: np.argsort(bce(x, p).mean(1))[:n][::-1], "best"),
        (lambda x, p, n: np.argsort(-bce(x, p).mean(1))[: n + 1], "too many"),
        (lambda x, p, n: np.argsort(-bce(x, np.clip(p, 0.01, 0.99)).mean(1))[:n], "cut off"),
    ],
    "keep_strongest": [
        (lambda h, V, k: loop_keep(h, np.ones_like(V), k), "length"),
        (lambda h, V, k: h - loop_keep(h, V, k), "switched off"),
        (lambda h, V, k: loop_keep(h, V, k) * np.linalg.norm(V, axis=1), "strengths"),
        (lambda h, V, k: threshold_keep(h, V, k) if k else h, "k = 0"),
        (lambda h, V, k: np.where((-h * np.linalg.norm(V, axis=1)).argsort(1) < k, h, 0), "rank"),
        (lambda h, V, k: loop_keep(h, V**2, k), None),
        (lambda h, V, k: h * (h >= np.sort(h.ravel())[-k:][0]), None),
        (lambda h, V, k: np.array(loop_keep(h, V, k)) != 0, "True"),
        (lambda h, V, k: h * np.linalg.norm(V, axis=0), "shapes"),
        (lambda h, V, k: loop_keep(h, V, 8), "k = 8"),
        (lambda h, V, k: (-h * np.linalg.norm(V, axis=1)).argsort(1)[:, :k], "numbers"),
    ],
    "switch_off": [
        (lambda h, u: np.where(np.arange(h.shape[1]) == u, 1e-6, h), "counts as on"),
        (in_place, "in place"),
        (lambda h, u: in_place(h, u) is None or None, "in place"),
        (lambda h, u: np.delete(h, u, axis=1), "cut out"),
        (lambda h, u: h * (np.arange(h.shape[1]) == u), "all other"),
        (lambda h, u: h, "nothing"),
        (lambda h, u: np.zeros(h.shape), "everything"),
        (lambda h, u: h[:, u], "all codes"),
        (lambda h, u: in_place(np.maximum(h, 0), u), "negative"),
        (lambda h, u: in_place(h.copy(), u - 1), None),
        (lambda h, u: in_place(h.copy().T, 0).T, None),
        (lambda h, u: in_place(h.copy(), 3), None),
        (lambda h, u: in_place(h.copy(), u).T, "swapped"),
        (lambda h, u: in_place(h.copy().T, u).T, "row"),
        (lambda h, u: np.where(h == h[:, [u]], 0, h), "same size"),
        (lambda unit, codes: in_place(codes.copy(), unit), "another order"),
    ],
    "best_rates": [
        (lambda r: {o: min((k for k in r if k[0].startswith(o)), key=r.get)[1] for o, _ in r},
         "begin alike"),
        (lambda r: {n: max((r[m, q], q) for m, q in r if m == n)[1] for n, _ in r}, "largest"),
        (lambda r: {n: min(r[m, q] for m, q in r if m == n) for n, _ in r}, "BCE of the best"),
        (overwriting_rates, "overwrites"),
        (lambda r: {n: min(q for m, q in r if m == n) for n, _ in r}, "smallest rate"),
        (lambda r: dict([min(r, key=r.get)]), "every optimizer"),
        (lambda r: {n: min(r, key=r.get)[1] for n, _ in r}, "one rate for all"),
        (lambda r: {q: n for n, q in dict_rates(r).items()}, "swapped"),
        (lambda r: list(dict_rates(r).items()), "dict"),
        (lambda r: {"adam": 0.001, "sgd": 0.1}, None),
        (lambda r: {n.upper(): q for n, q in dict_rates(r).items()}, "keys"),
        (lambda r: {n: str(q) for n, q in dict_rates(r).items()}, "no number"),
        (lambda r: {n: q for n, q in dict_rates(r).items() if r[n, q] < 1}, "start value"),
        (lambda r: {n: [q] for n, q in dict_rates(r).items()}, "no number"),
    ],
    "not_beaten": [
        (lambda r: [n for n, m in r.items() if not any(
            o["bce"] <= m["bce"] and o["l0"] <= m["l0"] and o != m for o in r.values())],
         "both have to be smaller"),
        (lambda rows: [n for n in rows if n not in front_by_sorting(rows)], "beaten ones"),
        (lambda rows: [min(rows, key=lambda n: rows[n]["bce"])], "only the BCE"),
        (lambda rows: [min(rows, key=lambda n: rows[n]["l0"])], "only L0"),
        (list, "all models"),
        (lambda rows: [], "no model"),
        (lambda rows: [n for n, a in rows.items() if not any(
            b["bce"] < a["bce"] or b["l0"] < a["l0"] for b in rows.values())], "both"),
        (lambda rows: [n for n, a in rows.items() if not any(
            b["bce"] < a["bce"] and b["l0"] > a["l0"] for b in rows.values())], "large L0"),
        (lambda rows: len(front_by_sorting(rows)), "list of names"),
        (lambda rows: [rows[n] for n in front_by_sorting(rows)], "names"),
        (lambda rows: list(front_by_sorting(rows)) * 2, "more than once"),
        (lambda rows: sorted(front_by_sorting(rows))[:2], None),
        (lambda rows: [n for n, a in rows.items() if not any(b is not a and
            b["bce"] <= a["bce"] and b["l0"] <= a["l0"] for b in rows.values())], "equal"),
        (lambda rows: {n: n in front_by_sorting(rows) for n in rows}, "True and False"),
    ],
    "code_penalty": [
        (lambda h, l1: l1 * ops.sum(ops.abs(h)), "takes 2 arguments and the task asks for 1"),
        (lambda h: 1e-4 * ops.sum(ops.sqrt(ops.square(h))), "not finite where a unit is off"),
        (lambda h: 1e-4 * ops.sum((h**2) ** 0.5), "not finite where a unit is off"),
        (lambda h: _half_held(1e-4 * ops.sum(ops.abs(h))), "its slope is not"),
        (lambda h: 1e-4 * ops.sum(ops.abs(h)) if ops.sum(h) > 0 else 0 * ops.sum(h), "`if`"),
        (lambda h: 1e-4 * ops.mean(ops.sum(ops.abs(h), axis=1)), "twice"),
        (lambda h: 1e-4 * ops.mean(ops.abs(h)), "mean over all"),
        (lambda h: ops.sum(ops.abs(h)), "λ"),
        (lambda h: 1e-4 * ops.sum(h), "signs"),
        (lambda h: 1e-4 * ops.sum(h**2), "L2"),
        (lambda h: 1e-4 * np.abs(h).sum(), "keras.ops"),
        (lambda h: float(1e-4 * ops.sum(ops.abs(h))), "keras.ops"),
        (lambda h: 1e-4 * ops.sum(ops.abs(h), axis=1), "per image"),
        (keras.regularizers.L1, "0.01"),
        (keras.regularizers.L2(1e-4), "L2"),
        (lambda h: 2e-4 * ops.sum(ops.abs(h)), "of 2"),
        (lambda h: 1e-4 * ops.sum(ops.relu(h)), "negative"),
        (lambda h: 1e-4 * sum(abs(a) for a in h.numpy().ravel()), "keras.ops"),
        (lambda h, l1: l1 * ops.sum(ops.abs(h)), "argument"),
        ("l1", "function"),
        (lambda h: 1e-4 * ops.sum(ops.abs(h)) / len(h), "Keras divides by it itself"),
        (lambda h: 1e-4 * sum(ops.sum(ops.abs(code)) for code in h), "loop"),
        (lambda h: keras.regularizers.L1(1e-4), "call it"),
        (lambda h: 1e-4 * ops.sum(ops.cast(h > 0, "float32")), "count"),
        (lambda h: 1e-4 * ops.sum(ops.abs(h[:, :32])), None),
        (lambda h: None, "None"),
    ],
}  # fmt: skip


def one_line(line, name, passed):
    assert line.startswith(f"{'✓' if passed else '✗'} {name}: "), line
    assert "\n" not in line and "Traceback" not in line, line
    assert len(line) < 400, line


@pytest.mark.parametrize("name", sorted({*checks.NAMES, *SOLUTIONS, *RIGHT, *WRONG}))
def test_every_exercise_is_complete(name):
    places = {
        "a solution cell in a notebook": SOLUTIONS,
        "an Exercise in EXERCISES of a module of sparse_ae/checks": checks.NAMES,
        "right answers in RIGHT of tests/test_checks.py": RIGHT,
        "wrong answers in WRONG of tests/test_checks.py": WRONG,
    }
    missing = [place for place, names in places.items() if name not in names]
    assert not missing, f"exercise {name}: there is no {', and no '.join(missing)} of this name"
    assert len(checks.EXERCISES[name].inputs) >= 2, f"{name}: two inputs or more are wanted"
    assert len(RIGHT[name]) >= 2, f"{name}: two other right ways are wanted in RIGHT"
    assert len(WRONG[name]) >= 6, f"{name}: six wrong answers are wanted in WRONG"


def test_every_name_is_used_once():
    tables = [module for module in vars(checks).values() if hasattr(module, "EXERCISES")]
    names = [exercise.name for table in tables for exercise in table.EXERCISES]
    assert sorted(names) == sorted(checks.NAMES), "two exercises have the same name"


@pytest.mark.parametrize("name", [name for name in SOLUTIONS if name in checks.NAMES])
def test_the_solution_passes(name):
    passed, line = checks.judge(name, SOLUTIONS[name])
    assert passed, f"the solution of the notebook is refused: {line}"
    one_line(line, name, True)


@pytest.mark.parametrize("name", checks.NAMES)
def test_other_right_ways_pass(name):
    for number, answer in enumerate(RIGHT.get(name, [])):
        passed, line = checks.judge(name, answer)
        assert passed, f"right way {number} of {name} in RIGHT is refused: {line}"


@pytest.mark.parametrize("name", checks.NAMES)
def test_wrong_answers_are_refused_and_named(name):
    for number, (answer, words) in enumerate(WRONG.get(name, [])):
        passed, line = checks.judge(name, answer)
        assert not passed, f"wrong answer {number} of {name} in WRONG passes"
        one_line(line, name, False)
        assert words is None or words in line, f"wrong answer {number}: {words!r} not in: {line}"


@pytest.mark.parametrize("name", checks.NAMES)
def test_every_mistake_of_the_table_is_told_by_its_own_sentence(name):
    # Where Keras stands between the answer and its value, the mistakes are such values.
    exercise = dataclasses.replace(checks.EXERCISES[name], prepare=None)
    for sentence, mistaken in exercise.mistakes.items():
        for way in mistaken if isinstance(mistaken, tuple) else (mistaken,):
            passed, line = judging.judge(exercise, way)
            assert not passed, f"{name}: on these inputs this mistake is right: {sentence!r}"
            assert " ".join(sentence.split()) in line, f"{name}: {sentence!r} not in: {line}"


@pytest.mark.parametrize("name", checks.NAMES)
def test_the_first_input_has_the_value_computed_by_hand(name):
    exercise = checks.EXERCISES[name]
    found = exercise.read(exercise.reference(*exercise.inputs[0]))
    by_hand = exercise.by_hand
    by_hand = by_hand if isinstance(by_hand, frozenset) else exercise.read(by_hand)
    assert same(found, by_hand), (
        f"{name}: by_hand is {by_hand}, and the right function gives {found} for the first input"
    )


@pytest.mark.parametrize("name", checks.NAMES)
def test_no_message_holds_the_value_that_is_asked_for(name):
    exercise = checks.EXERCISES[name]
    for answer in (lambda *_: 123.456, lambda *_: np.full((3, 3), 9.9), lambda *_: "x"):
        _, line = checks.judge(name, answer)
        if isinstance(exercise.by_hand, float):
            said = line.split(":", 1)[1].split("(")[0].replace("123.456", "")
            assert f"{exercise.by_hand:g}" not in said


def raising(problem):
    def answer(*arguments):
        raise problem

    return answer


def blank(codes):
    """A docstring alone."""


def printing(codes):
    print("noise")
    np.random.seed(0)  # noqa: NPY002
    np.seterr(all="raise")
    np.log(np.zeros(1))
    return (codes > 0).sum(axis=1)


def endless(codes):
    while True:
        pass


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (raising(NotImplementedError()), "still blank"),
        (blank, "still blank"),
        (lambda codes: None, "still blank"),
        (lambda codes: ..., "still blank"),
        (None, "still blank"),
        (lambda codes: print(codes), "return"),
        (np.array([1, 2]), "no function"),
        (3, "no function"),
        (lambda: 3, "0 arguments"),
        (lambda codes, axis: 3, "2 arguments"),
        (np.abs, "shape"),
        (max, "one value"),
        (raising(ValueError("two\nlines")), "ValueError: two —"),
        (raising(SystemExit(3)), "SystemExit"),
        (raising(GeneratorExit()), "GeneratorExit"),
        (raising(AssertionError()), "AssertionError"),
        (lambda codes: codes_of_nothing, "NameError"),  # noqa: F821
        (lambda codes: "7", "text"),
        (lambda codes: {1: 2}, "dict"),
        (lambda codes: (a for a in codes), "generator"),
        (lambda codes: [[1], [1, 2]], "array"),
        (lambda codes: (codes > 0).sum(axis=1) + np.nan, "NaN"),
        (lambda codes: (codes > 0).sum(axis=1) + 1j, "complex"),
        (lambda codes: codes.sort() or (codes > 0).sum(axis=1), "in place"),
        (lambda codes: (codes > 0).sum(axis=1)[::-1], "reversed"),
        (lambda codes: 3, "whatever the input"),
        (lambda codes: (codes > 0).sum(), "each image"),
        (lambda codes: -(codes > 0).sum(axis=1), "minus"),
        (lambda codes: ((codes > 0).sum(axis=1)) * len(codes), "batch size"),
        (lambda codes: (codes > 0).sum(axis=1) if len(codes) == 1 else codes[:, 0], "by hand"),
        (lambda codes: (codes[:, :32] > 0).sum(axis=1) if codes.shape[1] == 32 else codes[:, 0],
         "32 columns"),
        (lambda codes: (codes > 0).sum(axis=1) if codes.shape == (3, 5) else codes[:, 0],
         "simplest"),
        (lambda codes: (codes > 0).sum(axis=1) + len(OF_THE_NOTEBOOK), "it uses `OF_THE_NOTEBOOK`"),
        (lambda codes: codes[OF_THE_NOTEBOOK], "it uses `OF_THE_NOTEBOOK`"),
        (lambda codes: (codes[0] > 0).sum(), "only the first of the numbers"),
        (lambda codes: (codes[-1:] > 0).sum(axis=1), "only the last of the numbers"),
        (lambda codes: (codes[:-1] > 0).sum(axis=1), "one step early"),
        (lambda codes: (codes[1:] > 0).sum(axis=1), "one step late"),
        (lambda codes: (codes > 0).sum(axis=1) + 0.25, "0.2 that is added"),
        (lambda codes: [None, *(codes[1:] > 0).sum(axis=1)], "None among the numbers"),
        (lambda codes: [str(n) for n in (codes > 0).sum(axis=1)], "texts"),
    ],
)  # fmt: skip
def test_what_can_go_wrong_anywhere(answer, words):
    passed, line = checks.judge("units_on", answer)
    assert not passed and words in line, line
    one_line(line, "units_on", False)


def test_the_line_of_the_error_is_told():
    names = {}
    exec(compile("def units_on(codes):\n    a = 1\n    return b\n", "<cell>", "exec"), names)
    assert "line 3 of your cell" in checks.judge("units_on", names["units_on"])[1]


def test_keyboard_interrupt_passes_through():
    with pytest.raises(KeyboardInterrupt):
        checks.judge("units_on", raising(KeyboardInterrupt()))


@pytest.mark.parametrize("name", ["units_on", "code_penalty"])
def test_an_endless_loop_ends(name):
    passed, line = checks.judge(name, endless)
    assert not passed and "loop" in line


def test_nothing_is_printed_and_nothing_left_behind(capsys):
    import matplotlib.pyplot as plt

    np.random.seed(5)  # noqa: NPY002
    before, errors = np.random.get_state()[1].copy(), np.geterr()  # noqa: NPY002

    def plotting(codes):
        plt.figure()
        return printing(codes)

    checks.judge("units_on", plotting)
    assert capsys.readouterr() == ("", "")
    assert np.array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    assert np.geterr() == errors
    assert plt.get_fignums() == []


def test_outside_a_notebook_both_lines_are_printed(capsys):
    assert checks.units_on(lambda codes: (codes > 0).sum(axis=1)) is None
    assert checks.units_on(None) is None
    good, bad = capsys.readouterr().out.splitlines()
    one_line(good, "units_on", True)
    one_line(bad, "units_on", False)


def test_unknown_names_are_told():
    with pytest.raises(ValueError, match="units_on"):
        checks.judge("unit_on", None)
    with pytest.raises(AttributeError, match="units_on"):
        checks.unit_on  # noqa: B018


RESULTS = {
    "bce_of_copies": [
        (None, "still blank"),
        (0.0584, "training"),
        (0.26251, "mean image"),
        (0, "squared"),
        (np.full(10000, 0.0581), "mean"),
        (0.1, "perfectly"),
        (loop_bce, "call"),
        ("0.058", "str"),
    ],
    "count_parameters": [(None, "still blank"), (50992, "32 units"), (201617, "784 pixels")],
    "dead_units": [(None, "still blank"), ([], "empty"), ([3], "codes"), (7, "number")],
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_wrong_result_of_a_right_function_is_told(name):
    for result, words in RESULTS[name]:
        passed, line = checks.judge(name, SOLUTIONS[name], result)
        assert not passed and "your function is right" in line and words in line, line
        one_line(line, name, False)


def test_results_are_those_of_the_data(mnist, lesson):
    from sparse_ae import encode, mean_image_bce, perfect_copy_bce, units_never_on

    (x_train, _), (x_test, _) = mnist
    floor = checks.EXERCISES["bce_of_copies"].result
    values = list(floor.mistakes.values())
    assert perfect_copy_bce(x_test) == pytest.approx(floor.value, rel=1e-4)
    assert perfect_copy_bce(x_train) == pytest.approx(values[0], rel=1e-4)
    assert mean_image_bce(x_test, x_train) == pytest.approx(values[1], rel=1e-4)
    assert checks.judge("bce_of_copies", loop_bce, np.float32(perfect_copy_bce(x_test)))[0]
    assert checks.judge("count_parameters", SOLUTIONS["count_parameters"], 784 * 257 + 128)[0]
    dead = units_never_on(encode(lesson, x_test))
    assert checks.judge("dead_units", SOLUTIONS["dead_units"], list(dead))[0]


def test_without_a_result_only_the_function_is_judged():
    assert checks.judge("bce_of_copies", loop_bce)[0]


def test_the_import_needs_no_tensorflow(from_wheel):
    text = "import sys; from sparse_ae import checks; print('tensorflow' in sys.modules)"
    assert from_wheel("-c", text).stdout.strip() == "False"


def test_in_a_kernel_a_failure_is_an_error_output_and_the_cell_goes_on():
    cells = [
        "from sparse_ae import checks\nimport matplotlib.pyplot as plt",
        "checks.units_on(lambda codes: (codes > 0).sum(axis=1))",
        "print('before')\nchecks.units_on(lambda codes: (codes != 0).sum(axis=1))\nprint('after')",
        "def units_on(codes):\n    raise NotImplementedError()",
        "checks.units_on(units_on)",
        "def units_on(codes):\n    print('noise'); plt.plot([1]); plt.show(); display(codes)\n"
        "    raise SystemExit(2)",
        "checks.units_on(units_on)",
        "print('the end')",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    # allow_errors is off: a cell that ends with an error would stop the run.
    kernel_manager = AsyncKernelManager(kernel_name="python3", **own_sockets())
    nbclient.NotebookClient(book, timeout=60, km=kernel_manager).execute()
    outputs = [[output.output_type for output in cell.outputs] for cell in book.cells]
    assert outputs == [[], ["stream"], ["stream", "error", "stream"], [], ["error"], [], ["error"],
                       ["stream"]]  # fmt: skip
    for cell in book.cells:
        for output in cell.outputs:
            if output.output_type == "error":
                assert output.ename == "CheckFailed" and output.traceback == [output.evalue]
                one_line(output.evalue, "units_on", False)
    assert "!= 0" in book.cells[2].outputs[1].evalue
    assert "still blank" in book.cells[4].outputs[0].evalue
    assert "noise" not in json.dumps(book.cells[6].outputs)
