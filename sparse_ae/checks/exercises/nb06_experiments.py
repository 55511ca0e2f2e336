"""The exercises of notebook 06: fair comparisons, and a regularizer of one's own."""

import itertools

import numpy as np

from ..comparing import Unusable, names, rates, same
from ..inputs import random_codes
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


def _alike(results, alike):
    """The best rate among all optimizers whose name is `alike`."""
    best = {}
    for name, _ in results:
        best[name] = min((pair for pair in results if alike(pair[0], name)), key=results.get)[1]
    return best


def _compared_with(results, what):
    """Rates where each BCE is compared with the best rate, the run before, the first run, or with
    the best of all optimizers."""
    best, kept = {}, {}
    for (optimizer, rate), bce in results.items():
        name = "all" if what == "all" else optimizer
        better = name not in kept or bce < kept[name]
        if better:
            best[optimizer] = rate
        if what == "before" or name not in kept or (better and what != "first"):
            kept[name] = rate if what == "rate" else bce
    return best


@exercise(
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
        # BCEs above 1, as a collapsed training gives; a rate of 0, one above all others; any names.
        ({("lion", 0.1): 12.7, ("sgd", 0.1): 0.172, ("lion", 0.01): 12.6, ("sgd", 1.0): 0.169},),
        ({("", 0.0): 0.3, ("Adam 2", 1e6): 0.4, ("", 1e-9): 0.5, ("Adam 2", 2e6): 0.39},),
    ],
    by_hand={"adam": 0.001, "sgd": 0.1},
    praise="every optimizer with the rate that suits it.",
    read=rates,
    mistakes="""
        bce < lowest[optimizer] -> bce > lowest[optimizer] ; _each(results, lambda
        p: sorted(p)[:2][-1][1])  # not the smallest BCE: a cost should be small.
        lowest ; _each(results, {min|sorted|list|lambda p: min(p)[::-1]|lambda
        p: p.index(min(p))}) ; _each(results, lambda p: [rate for _, rate in {p|sorted(p)}]) ;
        _each(results, lambda p: np.mean([bce for bce, _ in p]))  # a BCE, a pair, a list or a place
            # comes back: return the rate alone.
        _each(results, lambda p: {min|max|np.mean|np.median}([rate for _, rate in p])) ;
        _each(results, lambda p: p[len(p) // 2][1])  # the rate is not chosen by its BCE.
        optimizer not in lowest or bce < lowest[optimizer] -> {optimizer not in lowest|True} ;
        _each(results, lambda p: max(p)[1])  # the first or the last rate of each optimizer: compare
            # all of its runs, and keep the better one.
        {optimizer: min(results, key=results.get)[1] for optimizer, _ in results} ;
        dict([min(results, key=results.get)]) ; _compared_with(results, 'all')  # one best for all
            # optimizers: each has its own.
        {rate: optimizer for optimizer, rate in best.items()} ; {rate: min((b, o) for (o, r), b in
        results.items() if r == rate)[1] for _, rate in results} ; {pair: {results[pair]|pair[1]}
        for pair in best.items()}  # the keys are the optimizers alone, the values their rates.
        _compared_with(results, '{rate|before|first}')  # compared with another number than the
            # smallest BCE so far: remember it for each optimizer.
        {o: r for o, r in best.items() if lowest[o] < {0.5|0.7|1|2|5|10}} ; {o: r for o, r in
        best.items() if sum(o == other for other, _ in results) > 1} ; _alike(results,
        str.{startswith|__contains__}) ; best_rates({pair: round(bce, {1|2|3}) for pair, bce in
        results.items()})  # right for some names and numbers only: compare whole names and
            # unrounded BCEs, from no start value but the first.
    """,
)
def best_rates(results):
    lowest, best = {}, {}
    for (optimizer, rate), bce in results.items():
        if optimizer not in lowest or bce < lowest[optimizer]:
            lowest[optimizer], best[optimizer] = bce, rate
    return best


def _rows(n, seed):
    """n models: a low BCE goes with a high L0, not strictly; other measures go their own ways."""
    rng = np.random.default_rng(seed)
    bce = rng.permutation(np.linspace(0.09, 0.3, n))
    l0 = np.round(32 - 90 * (bce - 0.08) + rng.normal(0, 6, n), 3)
    return {
        f"model {i}": _row(float(bce[i]), float(l0[i]), *rng.uniform(0.1, 9, 2), rng.integers(0, 9))
        for i in range(n)
    }


def _row(bce, l0, mse=0.035, mean_code=2.8, never_on=0):
    return {"bce": bce, "mse": mse, "mean_code": mean_code, "l0": l0, "never_on": never_on}


def _smallest(rows, measure):
    return min(rows, key=lambda name: rows[name][measure])


def _rounded(rows, digits):
    return {
        name: {measure: round(float(value), digits) for measure, value in row.items()}
        for name, row in rows.items()
    }


def _around(rows, name, before, after):
    """So many of the models above and below one in the table."""
    order = list(rows)
    place = order.index(name)
    near = order[max(place - before, 0) : place] + order[place + 1 : place + 1 + after]
    return [rows[other] for other in near]


@exercise(
    inputs=[
        (
            {
                "dense": _row(0.1, 30),
                "sparse": _row(0.2, 8, never_on=1),
                "bad": _row(0.3, 20, mse=0.05, never_on=2),
                "middle": _row(0.15, 15, mean_code=3.0),
            },
        ),
        (_rows(1, seed=1),),
        (_rows(5, seed=12),),
        (_rows(9, seed=3),),
        (_rows(16, seed=4),),
        (
            {
                "first": _row(0.125, 20.4),
                "same BCE": _row(0.125, 21.0),
                "same L0": _row(0.13, 20.4, mse=0.03),
                "beaten by a little": _row(0.126, 20.45, mse=0.04),
                "untrained": _row(0.69, 16.0, mse=0.23, mean_code=0.1, never_on=4),
            },
        ),
        (  # a wide code, two models with the same measures, and differences in the fifth digit
            {
                "wide": _row(0.09, 60),
                "wider": _row(0.1, 50),
                "twin": _row(0.12, 20),
                "other twin": _row(0.12, 20),
                "nearly": _row(0.12001, 20.0004),
                "worse": _row(0.11, 50.001),
                "empty": dict(reversed(_row(0.5, 0.0, mean_code=0.0, never_on=32).items())),
                "noise": _row(0.69, 16.0, mse=0.23, mean_code=0.1, never_on=4),
            },
        ),
    ],
    by_hand=["dense", "sparse", "middle"],
    praise="the models between which one has to choose.",
    read=names,
    mistakes="""
        not better -> better ; o['bce'] < row['bce'] and o['l0'] < row['l0'] -> o['bce'] >
        row['bce'] and o['l0'] > row['l0']  # these are beaten ones, or larger is taken for better:
            # smaller is better.
        x and y -> {x or y|x|y} ; [_smallest(rows, '{bce|l0}')] ; {_smallest(rows, 'bce'),
        _smallest(rows, 'l0')} ; [min(rows, key=lambda n: rows[n]['bce'] {*|+} rows[n]['l0'])] ; not
        better -> not (any(o['bce'] < row['bce'] for o in rows.values()) and any(o['l0'] < row['l0']
        for o in rows.values())) ; [n for n in rows if all(rows[n][m] <= np.sort([r[m] for r in
        rows.values()])[1] for m in ('bce', 'l0'))]  # one measure is enough to beat here, or both
            # are made one: one and the same model has to have both smaller.
        x < y -> x <= y ; x and y -> (x or y) and o['bce'] <= row['bce'] and o['l0'] <= row['l0'] ;
        x and y -> o is not row and o['bce'] <= row['bce'] and o['l0'] <= row['l0']  # an equal one
            # is taken for a smaller one: both have to be smaller.
        'bce' -> {'mse'|'mean_code'|'never_on'} ; 'l0' -> {'mse'|'mean_code'|'never_on'} ; o['l0'] <
        row['l0'] -> o['l0'] > row['l0'] ; o['bce'] < row['bce'] -> o['bce'] > row['bce'] ; x and y
        -> o['mse'] < row['mse'] and o['{mean_code|never_on}'] < row['{mean_code|never_on}']
            # other measures are compared, or one of them the other way round: BCE and L0 count.
        not better -> any(row['bce'] < o['bce'] and row['l0'] < o['l0'] for o in rows.values()) ;
        not better -> not better and any(row['bce'] < o['bce'] and row['l0'] < o['l0'] for o in
        rows.values())  # to be in the list, a model need not beat one itself.
        list(rows) ; not better -> len(better) < len(rows)  # all come back: is the rule ever true,
            # and is it asked whether any other beats it, not whether all do?
        [o for o in rows.values() if o['bce'] < row['bce'] and o['l0'] < row['l0']] -> [o for o in
        {_around(rows, name, 1, 0)|_around(rows, name, 0, 1)|_around(rows, name, 1, 1)|_around(rows,
        name, 99, 0)|_around(rows, name, 0, 99)|[*rows.values()][:1]|[*rows.values()][-1:]} if
        o['bce'] < row['bce'] and o['l0'] < row['l0']] ; list(itertools.takewhile(lambda name: name
        in left, rows))  # not every model is compared with all others, or a flag is not set back
            # for the next one.
        not_beaten(_rounded(rows, {0|1|2|3|4})) ; list({(rows[name]['bce'], rows[name]['l0']): name
        for name in left}.values())  # rounded before it is compared, or models with equal measures
            # are taken for one.
    """,
)
def not_beaten(rows):
    left = []
    for name, row in rows.items():
        better = [o for o in rows.values() if o["bce"] < row["bce"] and o["l0"] < row["l0"]]
        if not better:
            left.append(name)
    return left


def _in_a_layer(answer):
    """From a regularizer (function, object, class) to what it returns, as a layer adds it."""
    from ...support.keras_start import keras

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
        # Keras has divided by the batch size: what the student's function gave is asked for.
        value = sum(keras.ops.convert_to_numpy(loss) for loss in losses)
        value = np.asarray(value * len(codes))
        if losses and same(value, np.asarray(_right(codes))):
            _check_slope(codes, tf.convert_to_tensor(tape.gradient(losses, inputs)))
        return value

    return penalty


def _right(codes):
    return 1e-4 * np.abs(codes.astype(float)).sum()


def _check_slope(codes, gradient):
    """Training follows the slope: λ / n with the sign of the activation; at 0 nothing larger."""
    slope, wanted = np.asarray(gradient) * len(codes) / 1e-4, np.sign(codes)
    if not np.all(np.isfinite(slope)):
        raise Unusable(
            "the value is right, and its slope is not finite where a unit is off, so training "
            "breaks: a root or a logarithm has no slope at 0."
        )
    if not np.allclose(slope[codes != 0], wanted[codes != 0], atol=0.02) or np.any(
        np.abs(slope[codes == 0]) > 1.02
    ):
        raise Unusable(
            "the value is right, and its slope is not, which is what training follows: is a part "
            "of it held constant, for example by `stop_gradient`?"
        )


# What Keras says where a regularizer works on arrays and not inside `fit`, and what to say then.
_IN_FIT = {
    "Iterating": "there is a Python loop over the codes, which does not work inside `fit`: "
    "`keras.ops` works on a whole array at once.",
    "Python `bool`": "`if`, `and`, `max` and `min` ask for one value, and inside `fit` there is none "
    "yet: `keras.ops` works without them, `keras.ops.maximum` for example.",
    "None values": "inside `fit` the batch size is not known beforehand, `len(codes)` and "
    "`codes.shape[0]` are None there: is it needed?",
}
_IN_FIT["NoneType"] = _IN_FIT["len is not well defined"] = _IN_FIT["None values"]


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
            "round, or do NumPy or `float()` take the numbers out of Keras?"
        )
    try:
        tf.function(lambda codes: (layer(codes), layer.losses)[1]).get_concrete_function(
            tf.TensorSpec((None, 4))
        )
    except Exception as problem:
        told = str(problem).strip().split("\n")
        for sign, sentence in _IN_FIT.items():
            if any(sign in line for line in told):
                raise Unusable(sentence) from None
        raise Unusable(
            f"it works on arrays and not inside `fit`, which compiles it "
            f"({told[-1][:120] or type(problem).__name__}): use `keras.ops` throughout."
        ) from None


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
        {1e-4|1} * np.abs(codes).sum(axis=1).mean() ; {1e-4|1} * np.abs(codes).sum() /
        {32|128|256|784}  # the mean over the batch is taken twice: Keras divides by the batch size
            # itself.
        {1e-4|1} * np.abs(codes).mean() ; {1e-4|1} * np.abs(codes).mean(axis=1).sum() ; 1e-4 *
        (codes**2).mean() ; 1e-4 * codes.mean()  # a mean over the units: the formula sums over
            # them, and for the images Keras divides by itself.
        1e-4 * np.abs(codes).sum() * {len(codes)|codes.shape[1]}  # multiplied by a size of the
            # array: the division by the batch size is Keras's, and that is right.
        1e-4 -> {1e-3|1e-5|1e-2|1e-8|1e4|1|2e-4|-1e-4} ; {1e-4|1} + np.abs(codes).sum() ;
        codes.sum() ; (codes**2).sum()  # λ is not there, added, or another number: 1e-4, which the
            # lesson writes 10e-5.
        1e-4 * codes.sum() ; 1e-4 * np.maximum(codes, 0).sum() ; 1e-4 * np.abs(codes.sum()) ; 1e-4 *
        np.abs(codes.sum(axis={0|1})).sum() ; 1e-4 * np.abs(codes.mean(axis=0)).sum()  # the signs
            # cancel, or negative ones are left out: take the magnitude of each activation.
        {1e-4|1e-2} * (codes**2).sum() ; 1e-4 * np.sqrt((codes**2).sum()) ; 1e-4 *
        np.sqrt(np.abs(codes)).sum() ; 1e-4 * np.sqrt((codes**2).sum(axis={0|1})).sum() ; 1e-4 *
        np.sqrt(np.abs(codes) + 1e-6).sum()  # squares, a length, or roots: L1 takes the magnitude
            # of each activation.
        1e-4 * np.abs(codes).sum(axis={0|1}) ; 1e-4 * np.abs(codes)  # several numbers come back:
            # one is asked for.
        1e-4 * (codes {>|!=} 0).sum() ; 1e-4 * np.abs(codes).max() ; 1e-4 *
        np.abs(codes).max(axis=1).sum() ; 1e-4 * np.abs(codes[{0|-1}]).sum() ; 1e-4 *
        np.abs(codes[:, :32]).sum() ; 1e-4 * np.abs(codes[codes > 0]).mean()  # only some are taken,
            # or they are counted: each activation of the batch pays its magnitude.
    """,
)
def code_penalty(codes):
    return 1e-4 * np.abs(codes).sum()
