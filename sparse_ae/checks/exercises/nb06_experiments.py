"""The exercises of notebook 06: fair comparisons, and a regularizer of one's own."""

import itertools  # noqa: F401 in the mistakes

import numpy as np

from ..comparing import Unusable, names, rates, same
from ..inputs import random_codes
from ..questions import Question
from . import exercise


def _results(optimizers, rates, seed):
    """A BCE for each pair, in mixed order, no two alike."""
    rng = np.random.default_rng(seed)
    pairs = [(optimizer, rate) for optimizer in optimizers for rate in rates]
    rng.shuffle(pairs)
    bces = rng.permutation(np.linspace(0.09, 0.69, len(pairs)))
    return {(name, float(rate)): float(b) for (name, rate), b in zip(pairs, bces, strict=True)}


def _each(results, choose):
    """A dict with what `choose` makes of the pairs (BCE, rate) of each optimizer."""
    pairs = {}
    for (optimizer, rate), bce in results.items():
        pairs.setdefault(optimizer, []).append((bce, rate))
    return {optimizer: choose(own) for optimizer, own in pairs.items()}


def _of_rates(choose):
    return lambda pairs: choose([rate for _, rate in pairs])


def _compared_with(results, what):
    """Rates where each BCE is compared with the best rate, the optimizer's run before, its first
    run, the last run of any, or the best of all."""
    best, kept = {}, {}
    for (optimizer, rate), bce in results.items():
        name = optimizer if what in ("rate", "before", "first") else "all"
        better = bce < kept.get(name, np.inf) or (what != "all" and optimizer not in best)
        if better:
            best[optimizer] = rate
        if what in ("before", "last") or name not in kept or (better and what != "first"):
            kept[name] = rate if what == "rate" else bce
    return best


def _best_alike(results, alike):
    """The best rate among all optimizers whose name is `alike`."""
    return {
        name: min((pair for pair in results if alike(pair[0], name)), key=results.get)[1]
        for name, _ in results
    }


def _listed(*entries):
    """A dict of results from texts like "adam 0.1 0.5": optimizer, rate, BCE."""
    rows = [entry.rsplit(" ", 2) for entry in entries]
    return {(name, float(rate)): float(bce) for name, rate, bce in rows}


@exercise(
    inputs=[
        (
            _listed(
                "adam 0.1 0.5", "adam 0.001 0.2", "sgd 0.001 0.6", "sgd 0.1 0.3", "adam 0.01 0.4"
            ),
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
        bce < lowest[optimizer] -> bce > lowest[optimizer]  # the largest BCE: a cost should be
            # small.
        lowest ; _each(results, {min|sorted|list|_of_rates(list)|_of_rates(sorted)}) ;
        _each(results, lambda own: own.index(min(own)))  # a BCE, a pair, a list or a place comes
            # back: return the rate alone.
        _each(results, _of_rates({min|max|np.mean|np.median}))  # the rate is not chosen by its BCE.
        optimizer not in lowest or bce < lowest[optimizer] -> {optimizer not in lowest|True} ;
        _each(results, lambda own: max(own)[1])  # the first, the last or the worst rate of each
            # optimizer: compare all of its runs, and keep the better one.
        {optimizer: min(results, key=results.get)[1] for optimizer, _ in results} ;
        dict([min(results, key=results.get)]) ; _compared_with(results, 'all')  # one best for all
            # optimizers: each has its own.
        {rate: optimizer for optimizer, rate in best.items()} ;
        {pair: pair[1] for pair in best.items()} ; {o: [rate] for o, rate in best.items()} ;
        {r: min(results, key=lambda pair: (pair[1] != r, results[pair]))[0] for _, r in results}
            # the keys are the optimizers alone, the values their rates.
        _compared_with(results, '{rate|before|first|last}')  # compared with another number than the
            # smallest BCE so far: remember it for each.
        {o: r for o, r in best.items() if lowest[o] < {0.5|0.7|1|2|5|10}} ;
        _best_alike(results, str.{startswith|__contains__}) ;
        best_rates({pair: round(bce, {1|2|3}) for pair, bce in results.items()})  # right for some
            # names and numbers only: compare whole names, unrounded BCEs, and with no start value.
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
    rng = np.random.default_rng(seed)
    return {
        name.replace("_", " "): dict(
            bce=float(bce),
            mse=rng.random(),
            mean_code=rng.random(),
            l0=float(l0),
            never_on=rng.random(),
        )
        for name, (bce, l0) in pairs.items()
    }


def _rows(n, seed):
    """n models: a low BCE goes with a high L0, not strictly."""
    rng = np.random.default_rng(seed)
    bce = rng.permutation(np.linspace(0.09, 0.3, n))
    l0 = np.round(32 - 90 * (bce - 0.08) + rng.normal(0, 6, n), 3)
    return _models(seed, **{f"model_{i}": pair for i, pair in enumerate(zip(bce, l0, strict=True))})


def _rounded(rows, digits):
    return {
        name: {measure: round(float(value), digits) for measure, value in row.items()}
        for name, row in rows.items()
    }


def _near(rows, name, before, after):
    """So many of the models above and below one in the table."""
    order = list(rows)
    place = order.index(name)
    near = order[max(place - before, 0) : place] + order[place + 1 : place + 1 + after]
    return [rows[other] for other in near]


@exercise(
    inputs=[
        (_models(dense=(0.1, 30), sparse=(0.2, 8), bad=(0.3, 20), middle=(0.15, 15)),),
        (_rows(1, seed=1),),
        (_rows(5, seed=12),),
        (_rows(9, seed=3),),
        (_rows(16, seed=4),),
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
        x and y -> {x or y|x|y} ; [min(rows, key=lambda n: rows[n]['{bce|l0}'])] ;
        {min(rows, key=lambda n: rows[n]['bce']), min(rows, key=lambda n: rows[n]['l0'])} ;
        [min(rows, key=lambda n: rows[n]['bce'] {*|+} rows[n]['l0'])] ; better -> any(o['bce'] <
        row['bce'] for o in others) and any(o['l0'] < row['l0'] for o in others)  # one measure is
            # enough here, or both are made one: one other has to have both smaller.
        x < y -> x <= y ; x and y -> (x or y) and o['bce'] <= row['bce'] and o['l0'] <= row['l0'] ;
        x and y -> o is not row and o['bce'] <= row['bce'] and o['l0'] <= row['l0']  # an equal one
            # is taken for a smaller one: both have to be smaller.
        'bce' -> {'mse'|'mean_code'|'never_on'} ; 'l0' -> {'mse'|'mean_code'|'never_on'|'bce'} ;
        o['l0'] < row['l0'] -> o['l0'] > row['l0']  # other measures are compared, or one of them
            # the other way round: BCE and L0 count, and smaller is better for both.
        not better -> {|not better and} any(o['bce'] > row['bce'] and o['l0'] > row['l0'] for o in
        others)  # to be in the list, a model need not beat one itself.
        list(rows) ; not better -> len(better) < len(rows)  # all come back: is the rule ever true,
            # and is it asked whether any other beats it, not whether all do?
        rows.values() -> _near(rows, name, {1, 0|0, 1|1, 1|99, 0|0, 99}) ;
        rows.values() -> list(rows.values())[{:1|-1:}] ;
        list(itertools.takewhile(lambda name: name in left, rows)) ; left[:1]  # not every model is
            # compared with all others: does the loop end early, is a flag not set back?
        not_beaten(_rounded(rows, {0|1|2|3|4})) ;
        list({(rows[name]['bce'], rows[name]['l0']): name for name in left}.values())  # rounded
            # before it is compared, or models with equal measures are taken for one.
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
        raise Unusable(
            "Keras cannot use it: a regularizer is a function of the codes, or a class that can "
            "be made without arguments and called with the codes."
        ) from None

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
            _check_slope(codes, gradient * len(codes) / 1e-4)
        return value

    return penalty


def _check_slope(codes, slope):
    """Training follows the slope: the sign of the activation, times λ; at 0 nothing larger."""
    if not np.all(np.isfinite(slope)):
        raise Unusable(
            "the value is right, and its slope is not finite where a unit is off, so training "
            "breaks: a root or a logarithm has no slope at 0."
        )
    if np.any(np.abs(slope - np.sign(codes)) > np.where(codes, 0.02, 1.02)):
        raise Unusable(
            "the value is right, and its slope is not, which is what training follows: is a part "
            "of it held constant, for example by `stop_gradient`?"
        )


# What Keras says where a regularizer works on arrays and not inside `fit`, and what to say then.
_NO_SIZE = "inside `fit` the batch size is not known beforehand, `len` is None there: is it needed?"
_IN_FIT = {
    "Iterating": "a Python loop over the codes does not work inside `fit`: `keras.ops` works on "
    "whole arrays.",
    "Python `bool`": "`if`, `and`, `max` and `min` ask for one value, and inside `fit` there is "
    "none yet: `keras.ops` works without them, as with `keras.ops.maximum`.",
    "None values": _NO_SIZE,
    "NoneType": _NO_SIZE,
    "len is not well defined": _NO_SIZE,
}


def _check_in_fit(tf, layer, watched):
    """`fit` compiles the model: NumPy works on the arrays of a try-out, and not there."""
    try:
        _, gradient = watched(random_codes(3, 4, seed=1))
    except Exception:  # told by the calls that follow
        return
    if gradient is None:
        raise Unusable(
            "training gets no gradient from it: does it use `codes` at all, does it count or "
            "round, or do NumPy or `float()` take the numbers out of Keras?"
        )
    try:
        compiled = tf.function(lambda codes: (layer(codes), layer.losses)[1])
        compiled.get_concrete_function(tf.TensorSpec((None, 4)))
    except Exception as problem:
        told = str(problem).strip()
        for sign, sentence in _IN_FIT.items():
            if sign in told:
                raise Unusable(sentence) from None
        last = told.split("\n")[-1][:120] or type(problem).__name__
        raise Unusable(f"it does not work inside `fit` ({last}): use `keras.ops`.") from None


@exercise(
    axes={"codes": "image unit"},
    inputs=[
        (np.array([[1, 0, -2], [0, 0, -3]], "float32") * 1000,),
        (100 * random_codes(1, 32, seed=1),),
        (100 * random_codes(8, 32, seed=2),),
        (100 * random_codes(32, 32, seed=3),),
        (100 * random_codes(8, 20, seed=4),),
        (100 * random_codes(4, 40, seed=5),),
        (100 * random_codes(300, 32, seed=6),),
    ],
    by_hand=0.6,
    praise="the same penalty for batches of 1, 8 and 32, and training can follow it.",
    prepare=_in_a_layer,
    general=False,
    mistakes="""
        h.sum() -> {h.sum(axis=1).mean()|h.sum() / 32|h.sum() / 128|h.sum() / 256}  # the mean over
            # the batch is taken twice: Keras divides by the batch size itself.
        h.sum() -> {h.mean()|h.mean(axis=1).sum()}  # a mean over the units: the formula sums over
            # them, and for the images Keras divides by itself.
        h.sum() -> h.sum() * {len(h)|h.shape[1]}  # multiplied by a size of the array: the division
            # by the batch size is Keras's, and that is right.
        1e-4 -> {1e-3|1e-5|1e-2|1e-8|1e4|1|2e-4|-1e-4} ; 1e-4 + h.sum()  # λ is not there, added, or
            # another number: it is 1e-4, which the lesson writes 10e-5.
        np.abs(codes) -> {codes|np.maximum(codes, 0)} ; 1e-4 * np.abs(codes.sum()) ;
        1e-4 * np.abs(codes.{sum|mean}(axis={0|1})).sum()  # the signs cancel, or negative ones are
            # left out: take the magnitude of each activation.
        np.abs(codes) -> {codes**2|np.abs(codes) ** 0.5|np.sqrt(np.abs(codes) + 1e-6)} ;
        h.sum() -> {(h**2).sum() ** 0.5|((h**2).sum(axis=1) ** 0.5).sum()}  # squares, a length, or
            # roots: L1 takes the magnitude of each activation.
        h.sum() -> {h.sum(axis=0)|h.sum(axis=1)|h}  # several numbers come back: one is asked for.
        np.abs(codes) -> {codes > 0|codes != 0} ; h.sum() -> {h.max()|h[0].sum()|h[-1].sum()} ;
        h.sum() -> {h.max(axis=1).sum()|h[:, :32].sum()}  # only some are taken, or they are
            # counted: each activation of the batch pays its magnitude.
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
