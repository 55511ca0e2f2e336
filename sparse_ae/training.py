"""Training data in batches, and two ways to train: the lesson's 50 epochs, and a quick one.

    batches = training_batches(x_train)
    autoencoder = build_autoencoder(optimizer=quick_optimizer(batches))
    autoencoder.fit(batches, epochs=QUICK_EPOCHS)

How `fit` goes through these batches is in `fast/`.
"""

import math
import numbers

LESSON_EPOCHS = 50
# Found by trying, three seeds each, batch size 256: fewer epochs end above the lesson's objective
# or need a peak of 0.02, with which units die; so they do with less warm-up.
QUICK_EPOCHS = 8
QUICK_PEAK = 1.5e-2
EPOCHS = {"lesson": LESSON_EPOCHS, "quick": QUICK_EPOCHS}


def training_batches(images, batch_size=256, *, shuffle=True, seed=None):
    """Batches to train an autoencoder on: `autoencoder.fit(training_batches(x_train), epochs=50)`.

    images: (n, 784), either floats in [0, 1] or raw uint8 pixels, 0 to 255, which are divided by
        255 on their way into the model. A memory-mapped array stays on the disk.
    batch_size: images per training step; the last batch of an epoch has what is left.
    shuffle: a new order in each epoch. seed: of the orders; None draws one from NumPy's global
        generator, so `keras.utils.set_random_seed` makes a run repeat itself exactly.

    What it saves, for a model of `build_autoencoder`, `load_lesson_model` or `guarded`:
    - time: an epoch is one program, compiled by XLA, with no Python between the batches.
      Callbacks see one "batch" per epoch. Without XLA the same program runs uncompiled, more
      slowly, and says so once.
    - memory: float pixels that are whole 255ths are kept as uint8, a quarter of float32, and no
      float copy of the data is made: with `load_mnist(scale=False)` no float exists at all.
      Of more than 100 MB, only a part is handed to the program at a time.
    Other Keras models take the batches one by one, and say so once.

    Raises as `check_images` does, and TypeError or ValueError for other arguments.
    """
    if isinstance(batch_size, bool) or not isinstance(batch_size, numbers.Integral):
        raise TypeError(f"batch_size must be a whole number and is {batch_size!r}: try 256.")
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1 and is {batch_size}: try 256.")
    if seed is not None and (
        isinstance(seed, bool) or not isinstance(seed, numbers.Integral) or seed < 0
    ):
        raise ValueError(f"seed must be a whole number, zero or larger, and is {seed!r}: try 0.")
    from .fast.batches import TrainingBatches

    return TrainingBatches(images, int(batch_size), bool(shuffle), seed)


def quick_optimizer(batches, epochs=QUICK_EPOCHS):
    """Adam for a short training: the quality of the lesson's 50 epochs in 8.

        autoencoder = build_autoencoder(optimizer=quick_optimizer(batches))
        autoencoder.fit(batches, epochs=QUICK_EPOCHS)

    The learning rate climbs to 0.015, fifteen times Adam's default, in the first three tenths of
    the steps, and follows a cosine down to zero at the last one
    (keras.optimizers.schedules.CosineDecay). So that Adam keeps up with such a rate, it averages
    squared gradients over about 50 steps (beta_2 = 0.98) instead of 1,000.
    batches: what `training_batches` returned. epochs: as many as will be given to `fit`, at
    least 1.
    """
    if isinstance(epochs, bool) or not isinstance(epochs, numbers.Integral) or epochs < 1:
        raise ValueError(f"epochs must be a whole number of at least 1 and is {epochs!r}: try 8.")
    from .support.keras_start import keras

    steps = len(batches) * epochs
    warm_up = steps * 3 // 10
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm_up, warmup_target=QUICK_PEAK, warmup_steps=warm_up
    )
    return keras.optimizers.Adam(schedule, beta_2=0.98)


def warmed_cosine(step, steps, peak):
    """A learning rate that climbs to `peak` in the first tenth of the steps, then falls to 0.

    It falls along half a cosine wave and is 0 at the last step, `steps`.
    """
    warm = steps / 10
    if step < warm:
        return peak * step / warm
    return peak * (1 + math.cos(math.pi * (step - warm) / (steps - warm))) / 2


def schedule_of(rates):
    """A learning rate for each step, as Keras takes it: `Adam(schedule_of(rates))`.

    rates: a number for each step of the training; after the last one its rate is kept.
    """
    from .support.rates import RateOfEachStep

    return RateOfEachStep(rates)
