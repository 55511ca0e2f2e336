"""sparse_ae: the small module behind the course on sparse autoencoders.

Everything public is imported from here, for example `from sparse_ae import load_mnist`.
A name is loaded when it is first used, so `import sparse_ae` itself starts neither
TensorFlow nor matplotlib. An older Keras, with which the models collapse, is refused.
"""

import sys
from importlib import import_module
from pathlib import Path

from ._versions import check_keras

_MODULE_OF = {
    "load_mnist": "data",
    "check_images": "data",
    "build_autoencoder": "models",
    "build_encoder": "models",
    "encode": "models",
    "reconstruct": "models",
    "measure_model": "models",
    "shrink_code": "models",
    "load_lesson_model": "models",
    "training_batches": "training",
    "quick_optimizer": "recipes",
    "QUICK_EPOCHS": "recipes",
    "ProgressLine": "progress",
    "plot_model": "diagram",
    "active_units": "codes",
    "firing_rates": "codes",
    "units_never_on": "codes",
    "mean_code": "codes",
    "l1_penalty": "codes",
    "bce_per_image": "codes",
    "mse_per_image": "codes",
    "worst_images": "codes",
    "strongest_units": "codes",
    "without_unit": "codes",
    "perfect_copy_bce": "codes",
    "mean_image_bce": "codes",
    "fit_pca": "codes",
    "pca_reconstructions": "codes",
    "measures": "codes",
    "measures_table": "codes",
    "plot_images": "plotting",
    "plot_pixel_costs": "plotting",
    "plot_reconstructions": "plotting",
    "plot_history": "plotting",
    "plot_runs": "plotting",
    "plot_codes": "plotting",
    "plot_firing_rates": "plotting",
    "plot_atoms": "plotting",
    "plot_weight_image": "plotting",
}

__all__ = list(_MODULE_OF)


def __getattr__(name):
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'sparse_ae' has no attribute {name!r}")
    value = getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__():
    return sorted(set(globals()) | set(__all__))


# The commands (`sparse-ae` and `python -m sparse_ae`) start with any Keras: those that need it
# refuse an older one in a sentence, and `sparse-ae doctor` says what to do.
if Path("".join(sys.argv[:1])).stem not in ("sparse-ae", "-m"):
    check_keras()
