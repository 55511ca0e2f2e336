"""What is to be known of Keras before it is imported, which takes seconds."""

import importlib.util
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

OLDEST_KERAS = (3, 14)


def check_keras(found=None):
    """Raise ImportError unless Keras is at least 3.14.

    Keras 3.0 to 3.13 add the activity penalty of the whole batch instead of its mean over the
    images (keras issue 22018, mended in 3.14): with a batch of 256 the penalty is 256 times too
    strong and every reconstruction becomes the same grey image.

    `found` is a version string; by default the version of the installed package. It is read from
    the package's metadata, because importing Keras takes seconds.
    """
    if found is None:
        try:
            found = version("keras")
        except PackageNotFoundError:
            found = "none"
    numbers = tuple(int(part) for part in found.split(".")[:2] if part.isdigit())
    if numbers < OLDEST_KERAS:
        raise ImportError(
            f"sparse_ae needs Keras 3.14 or newer and found {found}: older versions sum the "
            "activity penalty over the batch, and the model collapses; "
            'run: python -m pip install --upgrade "keras>=3.14"'
        )


def check_name(kind, name):
    """Raise ValueError if Keras has no "loss" or "optimizer" of this `name`.

    Looked up in the text of Keras's own table of names, because importing Keras takes seconds. A
    name that only may be one passes: Keras itself will say.
    """
    keras = importlib.util.find_spec("keras")
    folder = {"loss": "losses", "optimizer": "optimizers"}[kind]
    try:
        table = Path(keras.origin).parent / "src" / folder / "__init__.py"
        known = {_folded(word) for word in re.findall(r"\w+", table.read_text("utf-8"))}
    except (AttributeError, OSError, TypeError):  # none, or one that is laid out in another way
        return
    examples = {
        "loss": ("binary_crossentropy", "mean_squared_error"),
        "optimizer": ("adam", "sgd", "rmsprop"),
    }[kind]
    if {_folded(example) for example in examples} <= known and _folded(name) not in known:
        raise ValueError(
            f"{kind} must be a Keras {kind} by name and is {name!r}: try {', '.join(examples)}."
        )


def _folded(name):
    """Keras writes one name as BinaryCrossentropy and as binary_crossentropy."""
    return name.replace("_", "").lower()
