"""Two ways to train the lesson's model: the lesson's own 50 epochs, and a quick one.

batches = training_batches(x_train)
autoencoder = build_autoencoder(optimizer=quick_optimizer(batches))
autoencoder.fit(batches, epochs=QUICK_EPOCHS)
"""

import numbers

LESSON_EPOCHS = 50
# Found by trying, three seeds each, batch size 256: fewer epochs end above the lesson's objective
# or need a peak of 0.02, with which units die; so they do with less warm-up.
QUICK_EPOCHS = 8
QUICK_PEAK = 1.5e-2
EPOCHS = {"lesson": LESSON_EPOCHS, "quick": QUICK_EPOCHS}


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
    from ._keras import keras

    steps = len(batches) * epochs
    warm_up = steps * 3 // 10
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm_up, warmup_target=QUICK_PEAK, warmup_steps=warm_up
    )
    return keras.optimizers.Adam(schedule, beta_2=0.98)
