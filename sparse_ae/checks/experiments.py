"""The exercises of notebook 06: fair comparisons, and a regularizer of one's own."""

import itertools
import operator

import numpy as np

from .autoencoder import random_codes
from .judging import Exercise
from .reading import Unusable, names, rates, same


def best_rates(results):
    best = {}
    for (optimizer, rate), bce in results.items():
        if optimizer not in best or bce < results[optimizer, best[optimizer]]:
            best[optimizer] = rate
    return best


def _results(optimizers, rates, seed):
    """A BCE for each pair, in mixed order, no two alike."""
    rng = np.random.default_rng(seed)
    pairs = [(optimizer, rate) for optimizer in optimizers for rate in rates]
    rng.shuffle(pairs)
    bces = rng.permutation(np.linspace(0.09, 0.69, len(pairs)))
    return {(name, float(rate)): float(b) for (name, rate), b in zip(pairs, bces, strict=True)}


def _choose(best, key=lambda item: item[1], value=lambda rate, bce: rate):
    def chosen(results):
        found = {}
        for name in {optimizer for optimizer, _ in results}:
            rows = [(rate, bce) for (optimizer, rate), bce in results.items() if optimizer == name]
            found[name] = value(*best(rows, key=key))
        return found

    return chosen


def _one_rate_for_all(results):
    (_, rate), _ = min(results.items(), key=lambda item: item[1])
    return {optimizer: rate for optimizer, _ in results}


def _mean_rate(results):
    """The rate with the smallest mean over the optimizers."""
    all_rates = {rate for _, rate in results}
    mean = {r: np.mean([b for (_, rate), b in results.items() if rate == r]) for r in all_rates}
    best = min(mean, key=mean.get)
    return {optimizer: best for optimizer, _ in results}


def _one_best(results):
    best, smallest = {}, np.inf
    for (optimizer, rate), bce in results.items():
        if bce < smallest:
            best[optimizer], smallest = rate, bce
    return best


def _bce_below_rate(results):
    best = {}
    for (optimizer, rate), bce in results.items():
        if optimizer not in best or bce < best[optimizer]:
            best[optimizer] = rate
    return best


def _better_than_before(results):
    best, before = {}, {}
    for (optimizer, rate), bce in results.items():
        if optimizer not in before or bce < before[optimizer]:
            best[optimizer] = rate
        before[optimizer] = bce
    return best


_best_rates = Exercise(
    reference=best_rates,
    inputs=[
        (
            {
                ("adam", 0.1): 0.5,
                ("adam", 0.001): 0.2,
                ("sgd", 0.001): 0.6,
                ("sgd", 0.1): 0.3,
                ("adam", 0.01): 0.4,
            },
        ),
        (_results(["adam"], [0.001, 0.01, 0.1], seed=1),),
        (_results(["adam", "sgd", "adadelta"], [0.001, 0.01, 0.1, 1], seed=2),),
        (_results(["rmsprop", "lion", "sgd", "adam"], [0.003, 0.03, 0.3, 3], seed=3),),
        (_results(["sgd", "adam"], [10, 1, 0.5], seed=4),),
        # BCEs above 1, as a collapsed training gives, and two that differ in the third digit only.
        # Names that begin alike, an optimizer with one rate, equal BCEs of two optimizers, and BCEs
        # that differ in the fourth digit.
        (
            {
                ("adamw", 0.003): 0.169,
                ("adam", 0.01): 0.1694,
                ("adamax", 1.0): 0.2,
                ("adam", 0.1): 0.1691,
                ("adamw", 0.1): 0.2,
                ("adam", 1.0): 0.1692,
            },
        ),
        ({("lion", 0.1): 12.7, ("sgd", 0.1): 0.172, ("lion", 0.01): 12.6, ("sgd", 1.0): 0.169},),
    ],
    by_hand={"adam": 0.001, "sgd": 0.1},
    praise="every optimizer with the rate that suits it.",
    read=rates,
    mistakes={
        "the largest BCE: a cost should be small.": _choose(max),
        "the BCE of the best run: return the rate that gave it.": _choose(
            min, value=lambda rate, bce: bce
        ),
        "pairs of rate and BCE: return the rate alone.": _choose(
            min, value=lambda rate, bce: (rate, bce)
        ),
        "pairs of BCE and rate: return the rate alone.": _choose(
            min, value=lambda rate, bce: (bce, rate)
        ),
        "the smallest rate of each optimizer: take the one with the smallest BCE.": _choose(
            min, key=lambda item: item[0]
        ),
        "the largest rate of each optimizer: take the one with the smallest BCE.": _choose(
            max, key=lambda item: item[0]
        ),
        "the first rate of each optimizer: compare all of them.": lambda results: {
            optimizer: rate for (optimizer, rate) in reversed(results)
        },
        "the last rate of each optimizer: each run overwrites the one before; keep the better "
        "one.": lambda results: dict(results.keys()),
        "one rate for all optimizers: each has its own best one.": _one_rate_for_all,
        "one rate for all optimizers, the best on average: each has its own best one.": _mean_rate,
        "only the best optimizer: every optimizer belongs in the answer.": lambda results: dict(
            [min(results, key=results.get)]
        ),
        "rate and optimizer are swapped: the keys are the optimizers.": lambda results: {
            rate: optimizer for optimizer, rate in best_rates(results).items()
        },
        "pairs as keys: the keys are the optimizers alone.": (
            lambda results: {pair: results[pair] for pair in best_rates(results).items()},
            lambda results: {pair: pair[1] for pair in best_rates(results).items()},
        ),
        "all rates of an optimizer: return the best one.": (
            lambda results: {
                name: [rate for optimizer, rate in results if optimizer == name]
                for name, _ in results
            },
            lambda results: {
                name: [rate for (o, rate) in sorted(results, key=results.get) if o == name]
                for name, _ in results
            },
        ),
        "one best BCE for all optimizers: each has its own.": _one_best,
        "names that begin alike are taken for one optimizer: compare whole names.": (
            lambda results: {
                name: min((p for p in results if p[0].startswith(name)), key=results.get)[1]
                for name, _ in results
            },
            lambda results: {
                name: min((p for p in results if name in p[0]), key=results.get)[1]
                for name, _ in results
            },
        ),
        "an optimizer with a single rate is missing: that one is its best.": lambda results: {
            name: rate
            for name, rate in best_rates(results).items()
            if sum(optimizer == name for optimizer, _ in results) > 1
        },
        "the BCEs are rounded before they are compared: that makes ties.": tuple(
            lambda results, digits=digits: best_rates(
                {pair: round(bce, digits) for pair, bce in results.items()}
            )
            for digits in (1, 2, 3)
        ),
        "the place of the best rate: return the rate itself.": lambda results: {
            name: int(np.argmin([bce for (o, _), bce in results.items() if o == name]))
            for name, _ in results
        },
        "the second best: take the one with the smallest BCE.": lambda results: {
            name: sorted((bce, rate) for (o, rate), bce in results.items() if o == name)[:2][-1][1]
            for name, _ in results
        },
        "the median rate of an optimizer: take the one with the smallest BCE.": lambda results: {
            name: np.median([rate for optimizer, rate in results if optimizer == name])
            for name, _ in results
        },
        "the BCE is compared with a rate: remember the smallest BCE, too.": _bce_below_rate,
        "compared with the run before and not with the best one: remember a BCE only where it is "
        "the smallest so far.": _better_than_before,
        "the smallest mean over the rates: take the rate of the smallest BCE.": lambda results: {
            name: np.mean([b for (o, _), b in results.items() if o == name]) for name, _ in results
        },
        "compared with a start value that is too small: an optimizer whose BCE is never below it "
        "is missing or wrong.": tuple(
            lambda results, start=start: {
                name: rate
                for name, rate in best_rates(results).items()
                if results[name, rate] < start
            }
            for start in (0.5, 0.7, 1, 2, 5, 10)
        ),
        "the best optimizer of each rate: the best rate of each optimizer is wanted.": (
            lambda results: {
                r: min((b, o) for (o, rate), b in results.items() if rate == r)[1]
                for r in {rate for _, rate in results}
            }
        ),
        "the mean rate of an optimizer: take the one with the smallest BCE.": lambda results: {
            name: np.mean([rate for optimizer, rate in results if optimizer == name])
            for name, _ in results
        },
    },
)


def not_beaten(rows):
    return [
        name
        for name, row in rows.items()
        if not any(other["bce"] < row["bce"] and other["l0"] < row["l0"] for other in rows.values())
    ]


def _rows(n, seed):
    """n models: a low BCE goes with a high L0, not strictly; other measures go their own ways."""
    rng = np.random.default_rng(seed)
    bce = rng.permutation(np.linspace(0.09, 0.3, n))
    l0 = np.round(32 - 90 * (bce - 0.08) + rng.normal(0, 6, n), 3)
    return {
        f"model {i}": {
            "bce": float(bce[i]),
            "mse": float(rng.uniform(0.01, 0.07)),
            "mean_code": float(rng.uniform(0.1, 9)),
            "l0": float(l0[i]),
            "never_on": int(rng.integers(0, 9)),
        }
        for i in range(n)
    }


def _row(bce, mse, mean_code, l0, never_on):
    return {"bce": bce, "mse": mse, "mean_code": mean_code, "l0": l0, "never_on": never_on}


def _front(first="bce", second="l0", sign=1, how=all):
    """The models that no other beats, with another pair of measures or another rule."""

    def chosen(rows):
        return [
            name
            for name, row in rows.items()
            if not any(
                how((other[first] < row[first], sign * other[second] < sign * row[second]))
                for other in rows.values()
            )
        ]

    return chosen


def _tied(bce, l0):
    """The models that no other beats, where equal values may count as smaller ones."""

    def chosen(rows):
        return [
            name
            for name, row in rows.items()
            if not any(
                bce(other["bce"], row["bce"]) and l0(other["l0"], row["l0"])
                for other in rows.values()
                if other is not row
            )
        ]

    return chosen


def _best_of_each(rows):
    return set(_front(second="bce")(rows)) | set(_front(first="l0")(rows))


def _beaten(rows):
    return [name for name in rows if name not in not_beaten(rows)]


_not_beaten = Exercise(
    reference=not_beaten,
    inputs=[
        (
            {
                "dense": _row(0.1, 0.01, 2.0, 30, 0),
                "sparse": _row(0.2, 0.03, 1.0, 8, 1),
                "bad": _row(0.3, 0.05, 0.5, 20, 2),
                "middle": _row(0.15, 0.02, 3.0, 15, 3),
            },
        ),
        (_rows(1, seed=1),),
        (_rows(5, seed=12),),
        (_rows(9, seed=3),),
        (_rows(16, seed=4),),
        (
            {
                "first": _row(0.125, 0.01, 2.0, 20.4, 0),
                "same BCE": _row(0.125, 0.02, 1.0, 21.0, 1),
                "same L0": _row(0.13, 0.03, 3.0, 20.4, 2),
                "beaten by a little": _row(0.126, 0.04, 4.0, 20.45, 3),
                "untrained": _row(0.69, 0.23, 0.1, 16.0, 4),
            },
        ),
        (  # a wide code, two models with the same measures, and differences in the fifth digit
            {
                "wide": _row(0.09, 0.01, 2.0, 60, 0),
                "wider": _row(0.1, 0.012, 2.1, 50, 0),
                "twin": _row(0.1200, 0.02, 1.0, 20, 1),
                "other twin": _row(0.1200, 0.02, 1.0, 20, 1),
                "nearly": _row(0.12001, 0.02, 1.1, 20.0004, 2),
                "worse": _row(0.11, 0.02, 1.1, 50.001, 2),
                "empty": dict(reversed(_row(0.5, 0.2, 0.0, 0.0, 32).items())),
                "noise": _row(0.69, 0.23, 0.1, 16.0, 4),
            },
        ),
    ],
    by_hand=frozenset(["dense", "sparse", "middle"]),
    praise="the models between which one has to choose.",
    read=names,
    mistakes={
        "the beaten ones: return the others.": _beaten,
        "a model is left out as soon as another is better in one of the two: it is beaten only by "
        "one that is better in both.": _front(how=any),
        "only the BCE is compared: L0 counts as well.": (
            _front(second="bce"),
            lambda rows: [min(rows, key=lambda name: rows[name]["bce"])],
        ),
        "only L0 is compared (or a sum, in which it outweighs the BCE): the BCE counts as well.": (
            _front(first="l0"),
            lambda rows: [min(rows, key=lambda name: rows[name]["l0"])],
        ),
        "only the best by BCE and the best by L0: models between them are not beaten either.": (
            _best_of_each,
            lambda rows: {min(rows, key=lambda n: rows[n][k]) for k in ("bce", "l0")},
        ),
        "a model with an equal BCE or an equal L0 is taken for one that beats: both have to be "
        "smaller.": (
            _tied(operator.le, operator.le),
            _tied(operator.lt, operator.le),
            _tied(operator.le, operator.lt),
            lambda rows: [
                name
                for name, row in rows.items()
                if not any(
                    o["bce"] <= row["bce"]
                    and o["l0"] <= row["l0"]
                    and (o["bce"] < row["bce"] or o["l0"] < row["l0"])
                    for o in rows.values()
                )
            ],
            lambda rows: [
                name
                for name, row in rows.items()
                if not any(
                    o["bce"] <= row["bce"] and o["l0"] <= row["l0"] and o != row
                    for o in rows.values()
                )
            ],
        ),
        "a large L0 is taken for the better one: fewer units on is better.": _front(sign=-1),
        "larger is taken for better: for both, smaller is better.": lambda rows: [
            name
            for name, row in rows.items()
            if not any(o["bce"] > row["bce"] and o["l0"] > row["l0"] for o in rows.values())
        ],
        "MSE in place of BCE: compare BCE and L0.": _front("mse"),
        "the mean code in place of L0: small is not sparse; compare BCE and L0.": _front(
            second="mean_code"
        ),
        "the dead units in place of L0: compare BCE and L0.": _front(second="never_on"),
        "no other model beats it *and* it beats one: being not beaten is enough.": lambda rows: [
            name
            for name in not_beaten(rows)
            if any(
                rows[name]["bce"] < o["bce"] and rows[name]["l0"] < o["l0"] for o in rows.values()
            )
        ],
        "all models come back: is the rule ever true, and does it then keep the name out?": list,
        "only the last comparison counts: a model is beaten if any other beats it.": (
            lambda rows: [
                name
                for name, row in rows.items()
                if not (
                    (last := list(rows.values())[-1])["bce"] < row["bce"] and last["l0"] < row["l0"]
                )
            ]
        ),
        "only the first comparison counts: a model is beaten if any other beats it.": (
            lambda rows: [
                name
                for name, row in rows.items()
                if not (
                    (first := next(iter(rows.values())))["bce"] < row["bce"]
                    and first["l0"] < row["l0"]
                )
            ]
        ),
        "the measures are rounded before they are compared: that makes ties.": tuple(
            lambda rows, digits=digits, keys=keys: not_beaten(
                {
                    name: row | {key: round(row[key], digits) for key in keys}
                    for name, row in rows.items()
                }
            )
            for digits in (1, 2, 3, 4)
            for keys in (("bce", "l0"), ("bce",))
        ),
        "models with the same measures are taken for one: each is a model of its own.": (
            lambda rows: list(
                {(rows[name]["bce"], rows[name]["l0"]): name for name in not_beaten(rows)}.values()
            )
        ),
        "after the first beaten model the rest is beaten, too: is a flag not set back?": (
            lambda rows: list(itertools.takewhile(lambda name: name in not_beaten(rows), rows))
        ),
        "only those that beat another: a model need not beat one to be unbeaten.": (
            lambda rows: [
                name
                for name, row in rows.items()
                if any(row["bce"] < o["bce"] and row["l0"] < o["l0"] for o in rows.values())
            ]
        ),
        "BCE and MSE are compared: compare BCE and L0.": _front(second="mse"),
        "no model: is each compared with itself, and equal taken for beaten?": lambda rows: [],
        "only neighbours in the table are compared: compare each model with all others.": (
            lambda rows: [
                name
                for (name, row), other in zip(
                    rows.items(), [None, *list(rows.values())[:-1]], strict=True
                )
                if other is None or not (other["bce"] < row["bce"] and other["l0"] < row["l0"])
            ]
        ),
        "each model is compared only with those above it: compare it with all others.": (
            lambda rows: [
                name
                for i, (name, row) in enumerate(rows.items())
                if not any(
                    o["bce"] < row["bce"] and o["l0"] < row["l0"] for o in list(rows.values())[:i]
                )
            ]
        ),
        "each model is compared only with those below it: compare it with all others.": (
            lambda rows: [
                name
                for i, (name, row) in enumerate(rows.items())
                if not any(
                    o["bce"] < row["bce"] and o["l0"] < row["l0"]
                    for o in list(rows.values())[i + 1 :]
                )
            ]
        ),
        "only the first one is returned: is `return` inside the loop?": lambda rows: not_beaten(
            rows
        )[:1],
        "the smallest product of both: compare them one by one.": lambda rows: [
            min(rows, key=lambda n: rows[n]["bce"] * rows[n]["l0"])
        ],
    },
)


def code_penalty(codes):
    """Judged by what Keras makes of it: the layer divides by the batch size."""
    return 1e-4 * np.abs(codes.astype(float)).sum() / len(codes)


def _in_a_layer(answer):
    """From a regularizer (function, object or class) to the penalty that a layer adds."""
    from sparse_ae.support.keras_start import keras

    try:
        layer = keras.layers.Activation("linear", activity_regularizer=answer)
    except (TypeError, ValueError):
        raise Unusable(
            "Keras cannot use it: a regularizer is a function of the codes, or a class that can "
            "be made without arguments and called with the codes."
        ) from None
    _check_in_graph(keras, layer)

    def penalty(codes):
        import tensorflow as tf

        with tf.GradientTape() as tape:
            inputs = tf.constant(codes)
            tape.watch(inputs)
            layer(inputs)
            losses = list(layer.losses)
        value = sum(keras.ops.convert_to_numpy(loss) for loss in losses)
        if losses and same(np.asarray(value), np.asarray(code_penalty(codes))):
            _check_slope(codes, tf.convert_to_tensor(tape.gradient(losses, inputs)))
        return value

    return penalty


def _check_slope(codes, gradient):
    """Training follows the slope: λ / n with the sign of the activation; at 0 nothing larger."""
    slope, wanted = np.asarray(gradient) * len(codes) / 1e-4, np.sign(codes)
    if not np.all(np.isfinite(slope)):
        raise Unusable(
            "the value is right, and its slope is not finite where a unit is off, so training "
            "breaks: a root or a logarithm has no slope at 0; use `keras.ops.abs`."
        )
    if not np.allclose(slope[codes != 0], wanted[codes != 0], atol=0.02) or np.any(
        np.abs(slope[codes == 0]) > 1.02
    ):
        raise Unusable(
            "the value is right, and its slope is not, which is what training follows: is a part "
            "of it held constant, for example by `stop_gradient`?"
        )


def _check_in_graph(keras, layer):
    """`fit` compiles the model: NumPy works on the arrays of a try-out, and not there."""
    import tensorflow as tf

    try:
        with tf.GradientTape() as tape:
            codes = tf.constant(random_codes(3, 4, seed=1))
            tape.watch(codes)
            layer(codes)
            losses = list(layer.losses)
        no_gradient = bool(losses) and tape.gradient(losses, codes) is None
    except Exception:  # told by the calls that follow
        return
    if no_gradient:
        raise Unusable(
            "training gets no gradient from it: does it use `codes` at all, does it count or "
            "round, or do NumPy or `float()` take the numbers out of Keras? Add up magnitudes, "
            "with `keras.ops`."
        )
    try:
        tf.function(lambda codes: (layer(codes), layer.losses)[1]).get_concrete_function(
            tf.TensorSpec((None, 4))
        )
    except Exception as problem:
        told = str(problem).strip().split("\n")
        if any("Iterating" in line for line in told):
            raise Unusable(
                "there is a Python loop over the codes, which does not work inside `fit`: "
                "`keras.ops` adds up a whole array at once."
            ) from None
        if any("Python `bool`" in line for line in told):
            raise Unusable(
                "`if`, `while`, `and` and `max` ask for one value, and inside `fit` there is none "
                "yet: `keras.ops` works without them."
            ) from None
        unknown = ("None values", "NoneType", "len is not well defined")
        if any(words in line for line in told for words in unknown):
            raise Unusable(
                "inside `fit` the batch size is not known beforehand, `len(codes)` and "
                "`codes.shape[0]` are None there: is it needed? Keras divides by it itself."
            ) from None
        raise Unusable(
            f"it works on arrays and not inside `fit`, which compiles it "
            f"({told[-1][:120] or type(problem).__name__}): use `keras.ops` throughout."
        ) from None


def _added(regularizer):
    """What Keras adds for a regularizer written in NumPy."""
    return lambda codes: regularizer(codes) / len(codes)


_code_penalty = Exercise(
    reference=code_penalty,
    inputs=[
        (np.array([[1, 0, -2], [0, 0, -3]], "float32") * 1000,),
        (100 * random_codes(1, 32, seed=1),),
        (100 * random_codes(8, 32, seed=2),),
        (100 * random_codes(32, 32, seed=3),),
        (100 * random_codes(8, 20, seed=4),),
        (100 * random_codes(4, 40, seed=5),),
        (100 * random_codes(300, 32, seed=6),),
    ],
    by_hand=0.3,
    praise="the same penalty for batches of 1, 8 and 32, and training can follow it.",
    prepare=_in_a_layer,
    mistakes={
        "the mean over the batch is taken twice: Keras divides by the batch size itself, so sum "
        "over everything.": _added(lambda h: 1e-4 * np.abs(h).sum(axis=1).mean()),
        "the mean over all activations: sum over everything; Keras divides by the batch size.": (
            _added(lambda h: 1e-4 * np.abs(h).mean())
        ),
        "the mean over the units: sum over everything; Keras divides by the batch size.": _added(
            lambda h: 1e-4 * np.abs(h).mean(axis=1).sum()
        ),
        "forgot λ: multiply by 1e-4.": _added(lambda h: np.abs(h).sum()),
        "forgot λ, and the mean over the batch is taken twice: Keras divides by the batch size.": (
            _added(lambda h: np.abs(h).sum(axis=1).mean())
        ),
        "λ is 1e-3, or 10e-4, and should be 1e-4.": _added(lambda h: 1e-3 * np.abs(h).sum()),
        "λ is 1e-5 and should be 1e-4, which the lesson writes 10e-5.": _added(
            lambda h: 1e-5 * np.abs(h).sum()
        ),
        "λ is 0.01, the default of `L1`, and should be 1e-4.": _added(
            lambda h: 1e-2 * np.abs(h).sum()
        ),
        "the signs cancel: take the magnitude of each activation.": _added(
            lambda h: 1e-4 * h.sum()
        ),
        "the magnitude is taken of the sum: take it of each activation.": _added(
            lambda h: 1e-4 * np.abs(h.sum())
        ),
        "these are squares, an L2 penalty: L1 takes magnitudes.": _added(
            lambda h: 1e-4 * (h**2).sum()
        ),
        "L2 with its default of 0.01: L1 with 1e-4 is wanted.": _added(
            lambda h: 1e-2 * (h**2).sum()
        ),
        "this is the length of the codes: L1 adds up magnitudes.": _added(
            lambda h: 1e-4 * np.sqrt((h**2).sum())
        ),
        "negative activations are left out: their magnitude counts, too.": _added(
            lambda h: 1e-4 * np.maximum(h, 0).sum()
        ),
        "divided by λ, or its exponent has lost the minus: multiply by 1e-4.": _added(
            lambda h: np.abs(h).sum() / 1e-4
        ),
        "λ is used twice: once is enough.": _added(lambda h: 1e-8 * np.abs(h).sum()),
        "divided by a number that is written in: Keras divides by the batch size itself.": tuple(
            _added(lambda h, n=n: 1e-4 * np.abs(h).sum() / n) for n in (32, 128, 256, 784)
        ),
        "the mean over all activations, and forgot λ: sum, and multiply by 1e-4.": _added(
            lambda h: np.abs(h).mean()
        ),
        "the strongest activation alone: sum over everything.": _added(
            lambda h: 1e-4 * np.abs(h).max()
        ),
        "the length of each code, an L2 norm: L1 adds up magnitudes.": _added(
            lambda h: 1e-4 * np.sqrt((h**2).sum(axis=1)).sum()
        ),
        "the magnitude is taken of each image's sum: take it of each activation.": _added(
            lambda h: 1e-4 * np.abs(h.sum(axis=1)).sum()
        ),
        "the magnitude is taken of each unit's sum: take it of each activation.": _added(
            lambda h: 1e-4 * np.abs(h.sum(axis=0)).sum()
        ),
        "squares, and their mean: L1 takes magnitudes, and sums.": _added(
            lambda h: 1e-4 * (h**2).mean()
        ),
        "it counts units: the magnitudes are wanted.": _added(lambda h: 1e-4 * (h > 0).sum()),
        "multiplied by the batch size: Keras divides by it once, and that is right.": _added(
            lambda h: 1e-4 * np.abs(h).sum() * len(h)
        ),
        "the magnitude is taken of the mean code: take it of each activation.": _added(
            lambda h: 1e-4 * np.abs(h.mean(axis=0)).sum()
        ),
        "only the first image: sum over everything.": _added(lambda h: 1e-4 * np.abs(h[0]).sum()),
        "only the last image: sum over everything.": _added(lambda h: 1e-4 * np.abs(h[-1]).sum()),
        "one penalty per image: sum over everything.": _added(
            lambda h: 1e-4 * np.abs(h).sum(axis=1)
        ),
        "one penalty per unit: sum over everything.": _added(
            lambda h: 1e-4 * np.abs(h).sum(axis=0)
        ),
        "one penalty per activation: sum over everything.": _added(lambda h: 1e-4 * np.abs(h)),
    },
)

EXERCISES = [_best_rates, _not_beaten, _code_penalty]
