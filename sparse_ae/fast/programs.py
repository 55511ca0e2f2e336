"""Compiled programs, which models of one form share: compiling costs more than a short training.

Of one form are models that differ in nothing but weights, learning rate, and λ, k or β. A program
trains a model of its own, the twin. Each time it is called it takes over all variables of the model
that is to be trained, and gives them back. A model that has anything of a stranger's in it is its
own twin: that two functions have one name does not make them the same.
"""

import json
import threading
import warnings

from ..support.keras_start import keras
from .lesson_step import is_ours, lesson_steps, metrics_of, package_of

MOST = 16  # programs that are kept, the last ones used
NUMBERS = ("l1", "k", "beta")
_programs = {}


def program_for(model, batch_size):
    """A `Program` that trains `model`, which is compiled and built, in batches of `batch_size`."""
    form = _form(model)
    if form is None:
        return Program(model, batch_size)
    key = form, batch_size
    program = _programs.pop(key, None) or Program(_twin(model), batch_size)
    if not program.fits(model):
        return Program(model, batch_size)
    _programs[key] = program
    while len(_programs) > MOST:
        _programs.pop(next(iter(_programs)))
    return program


def decides(model):
    """(form, variables): what a step of training depends on and what it changes.

    form is a text with λ, k and β, and None where something cannot be told in one.
    """
    form = _form(model)
    if form is not None:
        form += str([float(getattr(p, name)) for p in _parts(model) for name in _numbers(p)])
    return form, _variables(model)


class Program:
    """Trains in many batches without Python between them. `twin` is the model that it trains."""

    def __init__(self, twin, batch_size):
        import tensorflow as tf

        self._twin, self._lock = twin, threading.Lock()
        steps = lesson_steps(twin)
        # Keras's own step takes whole batches only: a short last one is for `train_on`.
        self.takes_short_batches = steps is not None
        train_step, test_step = steps or (
            lambda rows, _: twin.train_step((rows, rows)),
            lambda rows, _: twin.test_step((rows, rows)),
        )

        def train_on(rows, count=None):
            rows = tf.cast(rows, tf.float32) / (255 if rows.dtype == tf.uint8 else 1)
            train_step(rows, count)

        def walk(rows, places, number):
            def train(start):
                batch = tf.gather(rows, tf.slice(places, (start,), (batch_size,)))
                train_on(batch, tf.minimum(batch_size, number - start))
                return start + batch_size

            tf.while_loop(lambda start: start < number, train, [tf.constant(0)])

        def test(rows, size):
            def test_on(start):
                batch = rows[start : start + size]
                test_step(batch, tf.shape(batch)[0])
                return start + size

            number = tf.shape(rows)[0]
            tf.while_loop(lambda start: start < number, test_on, [tf.constant(0)], None, 1)

        self._compiled = tf.function(walk, jit_compile=True, autograph=False)
        self._plain = tf.function(walk, autograph=False)
        self._train_on = tf.function(train_on, autograph=False)
        # As plain as Keras's: to compile it takes longer than fifty validations.
        shapes = tf.TensorSpec((None, 784)), tf.TensorSpec((), tf.int32)
        self._test = tf.function(test, shapes, autograph=False)

    def fits(self, model):
        """Whether the variables of `model` are those of the twin.

        They are not if layers were frozen after the optimizer had made its moments for them.
        """
        shapes = [
            [v.shape for v in (*one.weights, *one.optimizer.variables)]
            for one in (self._twin, model)
        ]
        return shapes[0] == shapes[1]

    def walk(self, model, rows, places, number):
        """Train `model` on those of `rows` that the first `number` of `places` point at.

        rows: uint8 or float (n, 784). places: int32, as many as there are in all batches together.
        """
        import tensorflow as tf

        arguments = rows, tf.constant(places), tf.constant(number)
        try:
            return self._run(self._compiled, model, *arguments)
        except tf.errors.OpError as problem:
            if self._compiled is self._plain:
                raise
            self._compiled = self._plain
            self._run(self._plain, model, *arguments)  # fails again if it is not XLA's fault
            reason = str(problem).strip().split("\n")[0]
            warnings.warn(
                f"XLA cannot compile this training ({reason}): it goes on uncompiled, more slowly.",
                stacklevel=2,
            )

    def train_on(self, model, rows):
        """Train `model` on one batch, uncompiled: a size that comes once is not worth it."""
        self._run(self._train_on, model, rows)

    def test(self, model, rows, size):
        """Bring the metrics of `model` up to date with all `rows`, `size` of them at a time."""
        self._run(self._test, model, rows, size)

    def _run(self, function, model, *arguments):
        if self._twin is model:
            return function(*arguments)
        with self._lock:
            for part, own in zip(_parts(self._twin), _parts(model), strict=True):
                for name in _numbers(part):
                    getattr(part, name).assign(getattr(own, name))
            pairs = list(zip(_variables(self._twin), _variables(model), strict=False))
            for variable, own in pairs:
                variable.assign(own)
            function(*arguments)
            for variable, own in pairs:
                own.assign(variable)


def _variables(model):
    """All that a training step changes, in an order that is the same for models of one form.

    At the end a model may have more: metrics of an earlier `compile`, which Keras keeps.
    """
    metrics = [variable for metric in model.metrics for variable in metric.variables]
    return [*model.weights, *model.optimizer.variables, *metrics]


def _form(model):
    """What a program for `model` depends on, as a text; None if no other model may have it."""
    parts = _parts(model)
    is_known = all(
        type(layer) is keras.layers.Dense or package_of(layer) == "sparse_ae"
        for layer in model.layers
    )
    loss_is_ours = type(model.loss) is str or (callable(model.loss) and is_ours(model.loss))
    strangers = [
        part for part in (model, model.optimizer, *metrics_of(model), *parts) if not is_ours(part)
    ]
    optimizer = model.optimizer
    if strangers or not is_known or not loss_is_ours or getattr(optimizer, "weight_decay", None):
        return None  # (what is excluded from weight decay stands in no configuration)
    is_scheduled = isinstance(optimizer.get_config()["learning_rate"], dict)
    described = [
        [_kind(model), _described(optimizer, [] if is_scheduled else ["learning_rate"])],
        model.get_compile_config() | {"optimizer": None},
        [_described(part, _numbers(part)) for part in parts],
        [model.weights[0].value.device, keras.config.floatx()],
    ]
    return json.dumps(described, sort_keys=True, default=str)


def _twin(model):
    """A new model of the form of `model`. No random number is drawn for it."""
    import tensorflow as tf

    layers = []
    for layer in model.layers:
        config = layer.get_config()
        config |= {name: "zeros" for name in config if name.endswith("_initializer")}
        layers.append(type(layer).from_config(config))
    twin = type(model)([keras.Input(batch_shape=model.input_shape, name="image"), *layers])
    optimizer = keras.saving.serialize_keras_object(model.optimizer)  # as it is by now
    twin.compile_from_config(model.get_compile_config() | {"optimizer": optimizer})
    make_variables(twin)
    for part in _parts(twin):
        for name in _numbers(part):
            kind = "int32" if name == "k" else "float32"
            setattr(part, name, tf.Variable(getattr(part, name), dtype=kind, trainable=False))
    return twin


def make_variables(model):
    """Keras makes the variables of metrics and optimizer at their first use.

    A program in which variables are made is traced twice.
    """
    one = keras.ops.zeros((1, *model.input_shape[1:]))
    model.compute_metrics(one, one, model(one))
    model.optimizer.build(model.trainable_variables)


def _kind(part):
    return f"{type(part).__module__}.{type(part).__name__}"


def _parts(model):
    """Each layer, its activation and its activity regularizer, as far as it has any."""
    names = "activation", "activity_regularizer"
    parts = [(layer, *(getattr(layer, name, None) for name in names)) for layer in model.layers]
    return [part for three in parts for part in three if part]


def _numbers(part):
    """Which of λ, k and β this part has, as a variable of the program."""
    is_known = type(part) is keras.regularizers.L1 or package_of(part) == "sparse_ae"
    return [name for name in NUMBERS if is_known and hasattr(part, name)]


def _described(part, variables):
    """Class and configuration, without what makes no difference to a program."""
    if not hasattr(part, "get_config"):
        return part.__name__  # of a function of Keras
    passed_over = {"name", "activation", "activity_regularizer", *variables}
    config = {
        name: value
        for name, value in part.get_config().items()
        if name not in passed_over and not name.endswith("_initializer")
    }
    return [_kind(part), config]
