"""A learning rate that is read off a list."""

import numpy as np

from .keras_start import keras


@keras.saving.register_keras_serializable("sparse_ae")
class RateOfEachStep(keras.optimizers.schedules.LearningRateSchedule):
    """What `schedule_of` returns. Works in a compiled program, where the step is no number yet."""

    def __init__(self, rates):
        self.rates = np.array([float(rate) for rate in rates], "float32")
        if not len(self.rates) or not np.all(self.rates >= 0):
            raise ValueError("rates must be at least one number, none below zero.")

    def __call__(self, step):
        last = len(self.rates) - 1
        place = keras.ops.minimum(keras.ops.cast(step, "int32"), last)
        return keras.ops.take(keras.ops.convert_to_tensor(self.rates), place)

    def get_config(self):
        return {"rates": self.rates.tolist()}
