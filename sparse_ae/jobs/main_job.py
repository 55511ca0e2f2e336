"""The main job: train the lesson's model, measure it, and write all there is to see.

What took long is written first: the model as soon as it is trained, then what is measured, then
the pictures. A step that fails takes nothing away from what the steps before it have written.
"""

import csv
import json
import os
import sys
import time
import warnings
from functools import partial
from types import SimpleNamespace

import numpy as np

from .. import measuring, pca
from ..data import load_mnist
from .run_folder import run_folder

RESULTS = ("model.keras", "encoder.keras", "history.csv", "features.npz", "measures.json")
PICTURES = ("loss.png", "reconstructions.png", "atoms.png", "firing_rates.png", "layers.png")
FILES = RESULTS + PICTURES


def run(path, *, epochs, batch_size, seed, loss, recipe="lesson", **options):
    """Train on the bundled MNIST, write FILES into the folder `path`, print a report.

    Further `options` go to `build_autoencoder`. A run that fails or is stopped before the model is
    trained leaves nothing. A picture that cannot be drawn costs a line on stderr and no other
    file. Returns True if all files are in `path`.
    """
    # Keras imports matplotlib, which a name that it does not know would stop.
    os.environ["MPLBACKEND"] = "Agg"
    with run_folder(path) as folder, warnings.catch_warnings():
        # As Python comes: with PYTHONWARNINGS=error an old habit of TensorFlow would end the run.
        warnings.simplefilter("default")
        for hidden in (DeprecationWarning, PendingDeprecationWarning, ResourceWarning):
            warnings.simplefilter("ignore", hidden)
        trained = train(epochs, batch_size, seed, loss, recipe, options)
        model, encoder = trained.autoencoder, trained.encoder
        history = partial(_write_history, trained)
        folder.write(
            {"model.keras": model.save, "encoder.keras": encoder.save, "history.csv": history}
        )
        try:
            measured = measure(trained)
        except Exception as problem:  # no memory is left: TensorFlow has an error of its own
            raise OSError(
                f"the model is in {folder.path}/ but cannot be measured: {_first_line(problem)}"
            ) from problem
        features = partial(_write_features, trained, measured)
        folder.write(
            {"features.npz": features, "measures.json": partial(_write_measures, measured)}
        )
        print(_report(trained, measured), flush=True)
        missing = draw(folder, trained, measured)
        print(f"written to {folder.path}/" + (f" without {', '.join(missing)}" if missing else ""))
        return folder.all_in_place and not missing


def train(epochs, batch_size, seed, loss, recipe, options):
    """The trained model with its encoder, history, seconds and data. Raises ValueError."""
    # Imported here: an error in the options is told before the seconds that TensorFlow takes.
    from ..models import build_encoder
    from ..support.keras_start import keras
    from ..support.progress import ProgressLine
    from ..training import quick_optimizer, training_batches

    keras.utils.set_random_seed(seed)
    loss = _known_loss(loss, keras)
    autoencoder, metrics = _built(loss, keras, options)
    data = (x_train, _), (x_test, _) = load_mnist()
    batches = training_batches(x_train, batch_size)
    if recipe == "quick":
        autoencoder.compile(quick_optimizer(batches, epochs), loss=loss, metrics=metrics)
    start = time.monotonic()
    try:
        history = autoencoder.fit(
            batches,
            epochs=epochs,
            validation_data=(x_test, x_test),
            verbose=0,
            callbacks=[ProgressLine(), keras.callbacks.TerminateOnNaN()],
        ).history
    except Exception as problem:  # a loss that wants labels, not images; no memory left
        raise ValueError(
            f"Keras cannot train with the loss {loss.__name__}: {_first_line(problem)}"
        ) from None
    seconds = time.monotonic() - start
    wrong = np.flatnonzero(~np.isfinite([history["loss"], history["val_loss"]]).all(axis=0))
    if len(wrong):
        raise ValueError(
            f"the training diverged in epoch {wrong[0] + 1}: the loss is no finite number; "
            "try a smaller --l1, or the default --loss and --optimizer."
        )
    return SimpleNamespace(
        autoencoder=autoencoder,
        encoder=build_encoder(autoencoder),
        history=history,
        loss=loss.__name__,
        seconds=seconds,
        data=data,
    )


def _built(loss, keras, options):
    from ..models import build_autoencoder

    metrics = ["binary_crossentropy"]
    if loss.__name__ != "binary_crossentropy":
        metrics.append(keras.metrics.MeanMetricWrapper(loss, name=loss.__name__))
    try:
        return build_autoencoder(loss=loss, metrics=metrics, **options), metrics
    except (ValueError, TypeError):
        raise
    except Exception as problem:  # TensorFlow's own, for a model that does not fit into memory
        raise ValueError(
            f"Keras cannot build this model: {_first_line(problem)}; try 32 for --code-size."
        ) from None


def measure(trained):
    """Codes, reconstructions, the course's measures, the brackets, and PCA beside them."""
    from ..models import encode, reconstruct

    (x_train, _), (x_test, _) = trained.data
    codes = encode(trained.encoder, x_test)
    reconstructions = reconstruct(trained.autoencoder, x_test)
    components = min(codes.shape[1], 784)
    linear = pca.pca_reconstructions(x_test, pca.fit_pca(x_train, components))
    return SimpleNamespace(
        codes_train=encode(trained.encoder, x_train),
        codes=codes,
        reconstructions=reconstructions,
        found=measuring.measures(x_test, codes, reconstructions),
        brackets=(measuring.perfect_copy_bce(x_test), measuring.mean_image_bce(x_test, x_train)),
        components=components,
        pca_mse=float(np.mean(measuring.mse_per_image(x_test, linear))),
    )


def draw(folder, trained, measured):
    """Draw the pictures into a RunFolder; return the names of those that could not be drawn."""
    missing = []
    for name in PICTURES:
        try:
            folder.write({name: partial(_draw, trained, measured)})
        except Exception as problem:  # fonts, LaTeX, plug-ins, a full disk: each has its own
            reason = _first_line(problem)
            print(f"sparse-ae: {name} could not be drawn: {reason}", file=sys.stderr)
            missing.append(name)
    return missing


def _draw(trained, measured, file):
    if file.name == "layers.png":
        from ..support.diagram import plot_model

        diagram = plot_model(trained.autoencoder, None, show_shapes=True, show_layer_names=True)
        file.write_bytes(diagram.data)
        return
    import matplotlib

    from .. import plotting

    brackets = measured.brackets if trained.loss == "binary_crossentropy" else ()
    decoder = trained.autoencoder.get_layer("reconstruction")
    figures = {
        "loss.png": lambda: plotting.plot_history(trained.history, *brackets, loss=trained.loss),
        "reconstructions.png": lambda: plotting.plot_reconstructions(
            trained.data[1][0], measured.reconstructions
        ),
        "atoms.png": lambda: plotting.plot_atoms(decoder.get_weights()[0]),
        "firing_rates.png": lambda: plotting.plot_firing_rates(
            measuring.firing_rates(measured.codes)
        ),
    }
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # whatever a matplotlibrc says
        figures[file.name]().savefig(file, dpi=150)


def _known_loss(name, keras):
    """The loss function that Keras knows by `name`, with `__name__`. Raises ValueError if none."""
    try:
        found = keras.losses.get(name)
    except Exception:  # some of Keras's names want arguments of their own
        found = None
    found = getattr(found, "fn", found)
    if not hasattr(found, "__name__"):
        raise ValueError(
            f"loss must be a Keras loss by name and is {name!r}: "
            "try binary_crossentropy, mean_squared_error."
        )
    return found


def _first_line(problem):
    said = getattr(problem, "strerror", None) or str(problem)
    return said.strip().split("\n")[0] or type(problem).__name__


def _report(trained, measured):
    found, units = measured.found, measured.codes.shape[1]
    floor, ceiling = measured.brackets
    return (
        f"test BCE   {found['bce']:.4f}  between {floor:.4f} (perfect copy) "
        f"and {ceiling:.4f} (mean image)\n"
        f"test MSE   {found['mse']:.4f}  beside {measured.pca_mse:.4f} "
        f"(PCA, {measured.components} components)\n"
        f"mean code  {found['mean_code']:.3f}\n"
        f"L0         {found['l0']:.1f} of {units} units are on per image\n"
        f"never on   {found['never_on']} of {units} units\n"
        f"training   {trained.seconds:.0f} seconds"
    )


def _write_history(trained, file):
    """One row per epoch; the penalty is what Keras's loss has beyond the reconstruction loss."""
    history, loss = trained.history, trained.loss
    columns = {"epoch": range(1, len(history["loss"]) + 1)}
    for prefix in ("", "val_"):
        columns[f"{prefix}loss"] = total = history[f"{prefix}loss"]
        columns[f"{prefix}{loss}"] = fidelity = history[f"{prefix}{loss}"]
        columns[f"{prefix}penalty"] = np.subtract(total, fidelity)
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        for epoch, *values in zip(*columns.values(), strict=True):
            writer.writerow([epoch, *(f"{value:.6g}" for value in values)])


def _write_measures(measured, file):
    file.write_text(json.dumps(measured.found, indent=2) + "\n")


def _write_features(trained, measured, file):
    (_, y_train), (_, y_test) = trained.data
    codes = {"train": measured.codes_train, "test": measured.codes}
    np.savez_compressed(file, y_train=y_train, y_test=y_test, **codes)
