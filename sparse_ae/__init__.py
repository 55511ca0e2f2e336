"""sparse_ae: the small module behind the course on sparse autoencoders.

Everything public is imported from here, for example `from sparse_ae import load_mnist`.
A name is loaded when it is first used, so `import sparse_ae` itself starts neither
TensorFlow nor matplotlib. An older Keras, with which the models collapse, is refused then.
"""

from importlib import import_module

_NAMES = {
    "data": "load_mnist check_images as_rows",
    "models": """build_autoencoder build_encoder encode reconstruct measure_model shrink_code
        shrink_weights load_lesson_model dense_parameters""",
    "sparsity": "TopK Gated GatedAutoencoder PricedDense KL Resample",
    "training": "training_batches quick_optimizer QUICK_EPOCHS warmed_cosine schedule_of",
    "measuring": """active_units firing_rates units_never_on units_mostly_on mean_code atom_lengths
        l1_penalty priced_l1 bce_per_image mse_per_image explained_variance worst_images
        perfect_copy_bce mean_image_bce measures measures_table weight_penalty share_gained
        penalty_per_epoch unbeaten best_settings""",
    "pca": "fit_pca pca_reconstructions",
    "units": """strongest_units keep_largest without_unit relu_codes paint
        scale_between epochs_since_on images_by_quantile digit_shares selectivity steered
        nearest_atoms atom_cosines unit_card""",
    "by_hand": """objective_per_image slope_of_codes gradient_by_steps encoder_gradients
        step_downhill best_codes refit""",
    "plotting": """plot_images plot_reconstructions plot_autoencoder plot_activations
        plot_gradient_step plot_pixel_costs plot_history plot_runs plot_curves plot_bars
        plot_scatter plot_codes plot_firing_rates plot_atoms plot_weight_image
        plot_unit_card""",
    "jobs.sweep_tables": "load_sweep variants_table penalty_for",
    "jobs.explorer": "show_explorer",
    "support.pictures": "describe",
    "fast.guarded": "guarded",
    "support.progress": "ProgressLine",
    "support.diagram": "plot_model",
}
_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names.split()}

__all__ = list(_MODULE_OF)


def __getattr__(name):
    if name == "__version__":
        return _version()
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'sparse_ae' has no attribute {name!r}")
    from .support.keras_version import check_keras

    check_keras()
    value = getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)
    globals()[name] = value
    return value


def _version():
    """The version that is installed; a checkout that is only on the path has none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("sparse-ae")
    except PackageNotFoundError:
        return "not installed"


def __dir__():
    return sorted(set(globals()) | set(__all__) | {"__version__"})
