"""The main job: train the lesson's model, measure it, and write all there is to see."""

import csv
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

import matplotlib
import numpy as np

from .. import measuring, pca, plotting
from ..data import load_mnist
from ..support.files import free_name, place_all

DEFAULT_OUT = "sparse-ae-run"
FILES = (
    "model.keras",
    "encoder.keras",
    "features.npz",
    "history.csv",
    "measures.json",
    "layers.png",
    "loss.png",
    "reconstructions.png",
    "atoms.png",
    "firing_rates.png",
)


def choose_folder(out=None):
    """The folder to write into, as a Path; nothing that is there is overwritten.

    `out` None takes the first free one of sparse-ae-run, sparse-ae-run-2, … Raises
    FileExistsError if a folder that was named holds one of the files of a run.
    """
    if out is not None:
        if not str(out):
            raise ValueError("--out must name a folder and is empty: try --out my-run.")
        _check_free(Path(out))
        return Path(out)
    folder = Path(DEFAULT_OUT)
    return free_name(folder) if folder.exists() else folder


def _check_free(folder):
    taken = [name for name in FILES if os.path.lexists(folder / name)]
    if taken:
        raise FileExistsError(
            f"{folder} already holds {taken[0]} and a run overwrites nothing: "
            "name another folder with --out, or move this one away."
        )


def run(folder, *, epochs, batch_size, seed, loss, recipe="lesson", **options):
    """Train on the bundled MNIST, write FILES into `folder`, print a report.

    Further `options` go to `build_autoencoder`. The files appear together at the end; a run that
    fails or is stopped leaves none. Returns the measures.
    """
    created = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=folder))
    except OSError as problem:
        raise OSError(
            f"{folder} cannot be written ({problem.strerror}): name another folder with --out."
        ) from None
    try:
        found, report = _train_and_write(partial, epochs, batch_size, seed, loss, recipe, options)
        try:
            place_all(FILES, partial, folder)
        except FileExistsError:  # another run has finished here meanwhile
            kept, partial = _keep(partial, folder), None
            raise FileExistsError(
                f"another run has written into {folder} during this one and keeps its files: "
                f"the files of this run are in {kept}."
            ) from None
    finally:
        if partial is not None:
            shutil.rmtree(partial, ignore_errors=True)
        if created and not any(folder.iterdir()):
            folder.rmdir()
    print(report)
    return found


def _keep(partial, folder):
    """Move the finished files beside `folder`, or leave them where they are."""
    partial.chmod(0o755)
    try:
        return partial.rename(free_name(folder.resolve()))
    except OSError:
        return partial


def _train_and_write(folder, epochs, batch_size, seed, loss, recipe, options):
    # Imported here: an error in the options is told before the seconds that TensorFlow takes.
    from ..models import build_autoencoder, build_encoder, encode, reconstruct
    from ..support.diagram import plot_model
    from ..support.keras_start import keras
    from ..support.progress import ProgressLine
    from ..training import quick_optimizer, training_batches

    keras.utils.set_random_seed(seed)
    loss = _known_loss(loss, keras)
    loss_name = loss.__name__
    metrics = ["binary_crossentropy"]
    if loss_name != "binary_crossentropy":
        metrics.append(keras.metrics.MeanMetricWrapper(loss, name=loss_name))
    try:
        autoencoder = build_autoencoder(loss=loss, metrics=metrics, **options)
    except (ValueError, TypeError):
        raise
    except Exception as problem:  # TensorFlow's own, for a model that does not fit into memory
        raise ValueError(
            f"Keras cannot build this model: {_first_line(problem)}; try 32 for --code-size."
        ) from None
    (x_train, y_train), (x_test, y_test) = load_mnist()
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
            f"Keras cannot train with the loss {loss_name}: {_first_line(problem)}"
        ) from None
    seconds = time.monotonic() - start
    wrong = np.flatnonzero(~np.isfinite([history["loss"], history["val_loss"]]).all(axis=0))
    if len(wrong):
        raise ValueError(
            f"the training diverged in epoch {wrong[0] + 1}: the loss is no finite number; "
            "try a smaller --l1, or the default --loss and --optimizer."
        )

    encoder = build_encoder(autoencoder)
    codes_train, codes_test = encode(encoder, x_train), encode(encoder, x_test)
    reconstructions = reconstruct(autoencoder, x_test)
    found = measuring.measures(x_test, codes_test, reconstructions)
    brackets = measuring.perfect_copy_bce(x_test), measuring.mean_image_bce(x_test, x_train)
    units = codes_test.shape[1]
    linear = pca.pca_reconstructions(x_test, pca.fit_pca(x_train, min(units, 784)))
    pca_mse = float(np.mean(measuring.mse_per_image(x_test, linear)))
    report = _report(found, brackets, units, pca_mse, seconds)

    autoencoder.save(folder / "model.keras")
    encoder.save(folder / "encoder.keras")
    np.savez_compressed(
        folder / "features.npz", train=codes_train, test=codes_test, y_train=y_train, y_test=y_test
    )
    _write_history(folder / "history.csv", history, loss_name)
    (folder / "measures.json").write_text(json.dumps(found, indent=2) + "\n")

    matplotlib.use("Agg")
    if loss_name != "binary_crossentropy":
        brackets = (None, None)
    figures = {
        "loss.png": plotting.plot_history(history, *brackets, loss=loss_name),
        "reconstructions.png": plotting.plot_reconstructions(x_test, reconstructions),
        "atoms.png": plotting.plot_atoms(autoencoder.get_layer("reconstruction").get_weights()[0]),
        "firing_rates.png": plotting.plot_firing_rates(measuring.firing_rates(codes_test)),
    }
    for name, figure in figures.items():
        figure.savefig(folder / name, dpi=150)
    plot_model(autoencoder, folder / "layers.png", show_shapes=True, show_layer_names=True)
    return found, report


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
    return str(problem).strip().split("\n")[0]


def _report(found, brackets, units, pca_mse, seconds):
    floor, ceiling = brackets
    components = min(units, 784)
    return "\n".join(
        (
            f"test BCE   {found['bce']:.4f}  between {floor:.4f} (perfect copy) "
            f"and {ceiling:.4f} (mean image)",
            f"test MSE   {found['mse']:.4f}  beside {pca_mse:.4f} (PCA, {components} components)",
            f"mean code  {found['mean_code']:.3f}",
            f"L0         {found['l0']:.1f} of {units} units are on per image",
            f"never on   {found['never_on']} of {units} units",
            f"training   {seconds:.0f} seconds",
        )
    )


def _write_history(path, history, loss_name):
    """One row per epoch; the penalty is what Keras's loss has beyond the reconstruction loss."""
    columns = {"epoch": range(1, len(history["loss"]) + 1)}
    for prefix in ("", "val_"):
        columns[f"{prefix}loss"] = total = history[f"{prefix}loss"]
        columns[f"{prefix}{loss_name}"] = fidelity = history[f"{prefix}{loss_name}"]
        columns[f"{prefix}penalty"] = np.subtract(total, fidelity)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for epoch, *values in zip(*columns.values(), strict=True):
            writer.writerow([epoch, *(f"{value:.6g}" for value in values)])
