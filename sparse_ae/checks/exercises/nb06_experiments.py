"""The exercises of notebook 06: fair comparisons, and a regularizer of one's own."""

import itertools  # noqa: F401 in the mistakes

import numpy as np

from ..comparing import Unusable, names, rates, same
from ..inputs import random_codes
from ..questions import Question
from ..slips import read_table
from . import exercise


def _results(optimizers, rates, seed):
    """A BCE for each pair, in mixed order, no two alike."""
    rng = np.random.default_rng(seed)
    pairs = [(optimizer, rate) for optimizer in optimizers for rate in rates]
    rng.shuffle(pairs)
    bces = rng.permutation(np.linspace(0.09, 0.69, len(pairs)))
    return {(name, float(rate)): float(b) for (name, rate), b in zip(pairs, bces, strict=True)}


def _listed(*entries):
    """A dict of results from texts like "adam 0.1 0.5": optimizer, rate, BCE."""
    rows = [entry.rsplit(" ", 2) for entry in entries]
    return {(name, float(rate)): float(bce) for name, rate, bce in rows}


@exercise(
    inputs=[
        (
            _listed("adam 0.1 0.5", "adam 0.001 0.2", "sgd 0.001 0.6")
            | _listed("sgd 0.1 0.3", "adam 0.01 0.4"),
        ),
        (_results(["adam"], [0.001, 0.01, 0.1], seed=1),),
        (_results(["adam", "sgd", "adadelta"], [0.001, 0.01, 0.1, 1], seed=2),),
        (_results(["rmsprop", "lion", "sgd", "adam"], [0.003, 0.03, 0.3, 3], seed=3),),
        (_results(["sgd", "adam"], [10, 1, 0.5], seed=4),),
        # Names that begin alike, an optimizer with one rate, equal BCEs of two optimizers, and BCEs
        # that differ in the fourth digit.
        (
            _listed("adamw 0.003 0.169", "adam 0.01 0.1694", "adamax 1.0 0.2", "adam 0.1 0.1691")
            | _listed("adamw 0.1 0.2", "adam 1.0 0.1692"),
        ),
        # BCEs above 1, as a collapsed training gives; a rate of 0, one above all others; any names.
        (_listed("lion 0.1 12.7", "sgd 0.1 0.172", "lion 0.01 12.6", "sgd 1.0 0.169"),),
        (_listed(" 0.0 0.3", "Adam 2 1e6 0.4", " 1e-9 0.5", "Adam 2 2e6 0.39"),),
    ],
    by_hand={"adam": 0.001, "sgd": 0.1},
    praise="every optimizer with the rate that suits it.",
    read=rates,
    mistakes="""
        bce < lowest[optimizer] -> bce > lowest[optimizer]  # the largest BCE is looked for.
        lowest ; {o: (lowest[o], best[o]) for o in best}  # return the rate alone, without a BCE.
        bce < lowest[optimizer] -> rate {<|>} best[optimizer]  # the rate is not chosen by its BCE.
        optimizer not in lowest or bce < lowest[optimizer] -> {optimizer not in lowest|True}  # the
            # first or the last rate of each optimizer: compare all of its runs.
        {name: min(results, key=results.get)[1] for name, _ in results} ;
        dict([min(results, key=results.get)]) ; optimizer not in lowest or bce < lowest[optimizer]
        -> not best or bce < min(lowest.values())  # one BCE for all: each optimizer has its own.
        {rate: optimizer for optimizer, rate in best.items()}  # keys and values are exchanged.
        lowest[optimizer] -> next(b for (o, _), b in results.items() if o == optimizer) ;
        lowest[optimizer] -> {best[optimizer]|[*results.values()][[*results].index((optimizer,
        rate)) - 1]}  # compared with another number than the smallest BCE so far.
        {o: r for o, r in best.items() if lowest[o] < {0.5|1|10}} ;
        best_rates({pair: round(bce, {1|2|3}) for pair, bce in results.items()})  # right for some
            # numbers only: a BCE may be above 1, and none is to be rounded.
    """,
)
def best_rates(results):
    lowest, best = {}, {}
    for (optimizer, rate), bce in results.items():
        if optimizer not in lowest or bce < lowest[optimizer]:
            lowest[optimizer], best[optimizer] = bce, rate
    return best


def _models(seed=0, **pairs):
    """Rows of a table from BCE and L0; the other measures go their own ways."""
    rng, others = np.random.default_rng(seed), ("mse", "mean_code", "never_on")
    return {
        name: {"bce": bce, "l0": l0} | {other: rng.random() for other in others}
        for name, (bce, l0) in pairs.items()
    }


def _rows(n, seed):
    """n models: a low BCE goes with a high L0, not strictly."""
    rng = np.random.default_rng(seed)
    bce = rng.permutation(np.linspace(0.09, 0.3, n))
    l0 = np.round(32 - 90 * (bce - 0.08) + rng.normal(0, 6, n), 3)
    return _models(seed, **{f"model_{i}": pair for i, pair in enumerate(zip(bce, l0, strict=True))})


@exercise(
    inputs=[
        (_models(dense=(0.1, 30), sparse=(0.2, 8), bad=(0.3, 20), middle=(0.15, 15)),),
        *[(_rows(n, seed),) for n, seed in ((1, 1), (5, 12), (9, 3), (16, 4))],
        (
            _models(first=(0.125, 20.4), same_bce=(0.125, 21), same_l0=(0.13, 20.4))
            | _models(beaten_by_a_little=(0.126, 20.45), untrained=(0.69, 16)),
        ),
        (  # a wide code, two models with the same measures, and differences in the fifth digit
            _models(wide=(0.09, 60), wider=(0.1, 50), twin=(0.12, 20), other_twin=(0.12, 20))
            | _models(1, nearly=(0.12001, 20.0004), worse=(0.11, 50.001), empty=(0.5, 0))
            | _models(2, noise=(0.69, 16)),
        ),
    ],
    by_hand=["dense", "sparse", "middle"],
    praise="the models between which one has to choose.",
    read=names,
    mistakes="""
        x and y -> {x or y|x|y|x and y and all(o[m] < row[m] for m in row)} ; [min(rows, key=lambda
            n: rows[n]['{bce|l0}'])] ; better -> any(o['bce'] < row['bce'] for o in others) and
            any(o['l0'] < row['l0'] for o in others)  # one and the same other has to have both
            # smaller.
        x < y -> x <= y ; x and y -> (x or y) and o['bce'] <= row['bce'] and o['l0'] <= row['l0'] ;
        x and y -> o is not row and o['bce'] <= row['bce'] and o['l0'] <= row['l0']  # an equal one
            # is taken for a smaller one: both have to be smaller.
        'bce' -> {'mse'|'mean_code'|'never_on'} ; 'l0' -> {'mse'|'mean_code'|'never_on'|'bce'} ;
        o['l0'] < row['l0'] -> o['l0'] > row['l0']  # other measures are compared, or one of them
            # the other way round: BCE and L0 count, and smaller is better for both.
        list(rows) ; not better -> len(better) < len(rows)  # all come back: is the rule ever true,
            # and is it asked whether any other beats it, not whether all do?
        rows.values() -> list(rows.values())[{list(rows).index(name):|:list(rows).index(name)}] ;
            list(itertools.takewhile(lambda name: name in left, rows)) ; left[:1]  # not every model
            # is compared with all others: does the loop end early, is a flag not set back?
    """,
)
def not_beaten(rows):
    left = []
    for name, row in rows.items():
        others = rows.values()
        better = [o for o in others if o["bce"] < row["bce"] and o["l0"] < row["l0"]]
        if not better:
            left.append(name)
    return left


def _in_a_layer(answer):
    """From a regularizer (function, object, class) to what it returns, as a layer adds it."""
    import tensorflow as tf

    from ...support.keras_start import keras

    try:
        layer = keras.layers.Activation("linear", activity_regularizer=answer)
    except (TypeError, ValueError):
        told = "Keras cannot use it: is it a function of the codes, or a class with `__call__`?"
        raise Unusable(told) from None

    def watched(codes):
        """(what the layer adds, its gradient or None)"""
        with tf.GradientTape() as tape:
            inputs = tf.constant(codes)
            tape.watch(inputs)
            layer(inputs)
            losses = list(layer.losses)
        gradient = tape.gradient(losses, inputs) if losses else None
        value = sum(keras.ops.convert_to_numpy(loss) for loss in losses)
        return value, None if gradient is None else np.asarray(tf.convert_to_tensor(gradient))

    _check_in_fit(tf, layer, watched)

    def penalty(codes):
        value, gradient = watched(codes)
        value = np.asarray(value * len(codes))  # Keras has divided by the batch size
        if same(value, np.asarray(1e-4 * np.abs(codes.astype(float)).sum())):
            # Training follows the slope: the activation's sign, times λ; at 0 nothing larger.
            slope = gradient * len(codes) / 1e-4
            if not np.all(np.isfinite(slope)):
                raise Unusable("its slope is not finite where a unit is off: look for a root.")
            if np.any(np.abs(slope - np.sign(codes)) > np.where(codes, 0.02, 1.02)):
                raise Unusable("the value is right, its slope is not: is a part held constant?")
        return value

    return penalty


# What Keras says where a regularizer works on arrays and not inside `fit`, and what to say then.
_IN_FIT = """
Iterating  # a Python loop over the codes does not work inside `fit`: `keras.ops` works on whole
    # arrays.
Python `bool`  # `if`, `and`, `max` and `min` ask for one value, and inside `fit` there is none yet:
    # `keras.ops` works without them, as with `keras.ops.maximum`.
None values ; NoneType ; len is not well defined  # inside `fit` the batch size is not known
    # beforehand, `len` is None there: is it needed?
"""


def _check_in_fit(tf, layer, watched):
    """`fit` compiles the model: NumPy works on the arrays of a try-out, and not there."""
    try:
        _, gradient = watched(random_codes(3, 4, seed=1))
    except Exception:  # told by the calls that follow
        return
    if gradient is None:
        raise Unusable("training gets no gradient: is there NumPy, `float()` or a comparison?")
    try:
        compiled = tf.function(lambda codes: (layer(codes), layer.losses)[1])
        compiled.get_concrete_function(tf.TensorSpec((None, 4)))
    except Exception as problem:
        told = str(problem).strip()
        for _, signs, sentence in read_table(_IN_FIT):
            if any(sign in told for sign in signs):
                raise Unusable(sentence) from None
        last = told.split("\n")[-1][:120] or type(problem).__name__
        raise Unusable(f"it does not work inside `fit` ({last}): use `keras.ops`.") from None


@exercise(
    axes={"codes": "image unit"},
    inputs=[
        (np.array([[1, 0, -2], [0, 0, -3]], "float32") * 1000,),
        *[(100 * random_codes(n, 32, seed=n),) for n in (1, 8, 32, 300)],
        *[(100 * random_codes(n, units, seed=n),) for n, units in ((9, 20), (4, 40))],
    ],
    by_hand=0.6,
    praise="the same penalty for batches of 1, 8 and 32, and training can follow it.",
    prepare=_in_a_layer,
    general=False,
    mistakes="""
        h.sum() -> {h.sum(axis=1).mean()|h.sum() / 32}  # the mean over the batch is taken twice:
            # Keras divides by the batch size itself.
        h.sum() -> {h.mean()|h.mean(axis=1).sum()}  # a mean over the units: the formula sums over
            # them, and for the images Keras divides by itself.
        1e-4 -> {1e-3|1e-5|1e-2|1e4|1|2e-4}  # λ is missing, or another number than 1e-4.
        np.abs(codes) -> {codes|np.maximum(codes, 0)} ; 1e-4 * np.abs(codes.sum()) ;
        1e-4 * np.abs(codes.{sum|mean}(axis={0|1})).sum()  # the signs cancel, or negative ones are
            # left out: take the magnitude of each activation.
        np.abs(codes) -> {codes**2|np.abs(codes) ** 0.5} ; h.sum() -> (h**2).sum() ** 0.5
            # squares, a length, or roots: L1 takes the magnitude of each activation.
        h.sum() -> {h.sum(axis=0)|h.sum(axis=1)|h}  # several numbers come back: one is asked for.
    """,
)
def code_penalty(codes):
    h = np.abs(codes)
    return 1e-4 * h.sum()


two_causes = Question(
    name="two_causes",
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
