"""One step of the lesson's model, in training and in validation, with its gradients written out.

Keras's `train_step` differentiates whatever a model computes. For the one model of this course the
derivatives are six short lines, and two savings follow: one exponential gives both the sigmoid and
the loss, and the product for the encoder's weights is taken the way round that runs faster. The
optimizer and the metrics are Keras's, and the numbers are those of `train_step` but for rounding.
"""

from ..support.keras_start import keras

OURS = "keras", "sparse_ae", "tensorflow"


def lesson_steps(model):
    """Functions `train(rows, count)` and `test(rows, count)` for one batch; None for other models.

    rows: float32 (batch, 784); the first `count` of them are images, the others are not looked
    at. So the short last batch of an epoch needs no program of its own.

    The model must be two Dense layers, ReLU with an L1 activity regularizer or none and sigmoid,
    compiled with binary cross-entropy and with no metric beside it.
    """
    if not _is_lessons(model):
        return None
    import tensorflow as tf

    code, reconstruction = model.layers
    weights = W, b, V, c = [*code.weights, *reconstruction.weights]
    l1 = 0.0 if code.activity_regularizer is None else code.activity_regularizer.l1

    def test(x, count):
        is_image = tf.range(tf.shape(x)[0]) < count
        weight = tf.cast(is_image, tf.float32)[:, None] / tf.cast(count, tf.float32)
        codes = tf.nn.relu(x @ W + b)
        z = codes @ V + c
        # With e = exp(-|z|): sigmoid(|z|) = 1 / (1 + e), and the cross-entropy of a logit z is
        # max(z, 0) - x z + ln(1 + e) (tf.nn.sigmoid_cross_entropy_with_logits).
        e = tf.exp(-tf.abs(z))
        cross_entropy = tf.maximum(z, 0) - x * z + tf.math.log(1 + e)
        # Summed row by row, as XLA vectorizes it.
        bce = tf.reduce_sum(tf.reduce_sum(cross_entropy, axis=1) * weight[:, 0]) / 784
        penalty = l1 * tf.reduce_sum(codes * weight)
        for metric in metrics_of(model):
            value = bce + penalty if metric.name == "loss" else bce
            keras.metrics.Mean.update_state(metric, value, sample_weight=count)
        return weight, codes, z, e

    def train(x, count):
        weight, codes, z, e = test(x, count)
        # The gradients with respect to z and to the codes' sums, before the weights of the rows:
        # they are multiplied in where the arrays are small.
        u = 1 / (1 + e)
        to_z = tf.where(z >= 0, u, e * u) - x
        to_codes = (tf.matmul(to_z, V, transpose_b=True) / 784 + l1) * weight
        to_codes = tf.where(codes > 0, to_codes, 0.0)
        gradients = (
            tf.transpose(tf.matmul(to_codes, x, transpose_a=True)),
            tf.reduce_sum(to_codes, axis=0),
            tf.matmul(codes * (weight / 784), to_z, transpose_a=True),
            tf.reduce_sum(to_z * (weight / 784), axis=0),
        )
        model.optimizer.apply_gradients(zip(gradients, weights, strict=True))

    return train, test


def metrics_of(model):
    """The loss's mean and the metrics of `compile`, which Keras holds in a list of its own."""
    return [one for metric in model.metrics for one in getattr(metric, "metrics", [metric])]


def is_ours(part):
    """Whether `part`, and each function that hangs on it, is Keras's or the course's own."""
    values = [part, *getattr(part, "__dict__", {}).values()]
    return all(package_of(value) in OURS for value in values if callable(value))


def package_of(part):
    module = getattr(part, "__module__", None) or type(part).__module__  # a list's append has None
    return module.split(".")[0]


def _is_lessons(model):
    bce = ("binary_crossentropy", keras.losses.binary_crossentropy)
    layers = model.layers
    if type(model) is not keras.Sequential or [type(layer) for layer in layers] != [
        keras.layers.Dense,
        keras.layers.Dense,
    ]:
        return False
    code, reconstruction = layers
    regularizers = (
        reconstruction.activity_regularizer,
        *(layer.kernel_regularizer for layer in layers),
        *(layer.bias_regularizer for layer in layers),
    )
    return (
        all(is_ours(layer) for layer in layers)
        and code.activation is keras.activations.relu
        and reconstruction.activation is keras.activations.sigmoid
        and type(code.activity_regularizer) in (keras.regularizers.L1, type(None))
        and not any(regularizers)
        and model.output_shape == (None, 784)
        and len(model.trainable_variables) == 4
        and all(variable.dtype == "float32" for variable in model.variables)
        and model.loss in bce
        and not isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
        and all(
            metric.name == "loss"
            or (isinstance(metric, keras.metrics.MeanMetricWrapper) and metric._fn in bce)
            for metric in metrics_of(model)
        )
    )
