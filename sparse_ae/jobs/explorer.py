"""The explorer: one page to play with, whose file holds all it needs, the trained models too.

    sparse-ae explore

The page computes in float32 from the weights in half precision that are inside it. What needs all
test images, how often a unit is on and for which digits, is computed here, from the same weights.
"""

import base64
import functools
import html
import json
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..data import as_rows, load_mnist
from ..measuring import firing_rates
from ..support.files import BUNDLED, replace, write_new
from ..support.pictures import color_scale, with_words
from ..units import keep_largest, relu_codes
from .sweep_tables import SWEEP_WEIGHTS, load_sweep

NAME = "explorer.html"
MARK = b'<meta name="generator" content="sparse-ae explore">'  # by which a page of ours is known
STILL = BUNDLED / "data" / "explorer.png"
STILL_SAYS = (
    "The explorer, a page to play with: at the left a choice of models with a dial, and a digit to "
    "pick or to draw; at the right the digit beside its copy, the code as bars, and the atoms that "
    "are on."
)
TO_PICK, TO_GUESS = 6, 4  # test images of each digit in the page, and more for the game


class Shown(NamedTuple):
    """A model of the page: its group, what its dial says, and where its weights are shipped.

    l1 is the λ it was trained with, k what a TopK leaves on, 0 for the others. `stored` is its name
    in the sweep; a model of the lesson has none.
    """

    group: str
    setting: str
    l1: float
    k: int = 0
    stored: str = ""


def _from_sweep(group, variant, units, l1=(), k=()):
    of_l1 = [Shown(group, f"λ = {v:g}", v, 0, f"{variant}_{units}_{v:g}") for v in l1]
    return [*of_l1, *(Shown(group, f"k = {n}", 0, n, f"{variant}_{units}_{n}") for n in k)]


GROUPS = {
    "lesson": "the lesson's model",
    "plain": "the same without a penalty",
    "unit": "L1, atoms of length 1",
    "topk": "TopK",
    "wide": "128 units, atoms of length 1",
}
MODELS = (
    Shown("lesson", "λ = 0.0001", 1e-4),
    Shown("plain", "λ = 0", 0),
    *_from_sweep("unit", "unit", 32, l1=(0, 1e-4, 2e-4, 4e-4, 8e-4, 1.5e-3)),
    *_from_sweep("topk", "topk", 32, k=(4, 8, 16)),
    *_from_sweep("wide", "unit", 128, l1=(2e-4, 8e-4)),
)


def show_explorer(height=960):
    """Show the explorer in a notebook; its page is written beside the notebook, explorer.html.

    height: of the page's window in the notebook, in pixels. A still picture is shown where no page
    can run, on GitHub and in exported notebooks, and where the page cannot be written: then with
    one sentence that says why. Raises OSError if the weights or the picture cannot be read.
    """
    from IPython.display import display

    picture = with_words(STILL.read_bytes(), STILL_SAYS)[0]["text/html"]
    try:
        path = _place(NAME)
    except OSError as problem:
        window = f"<p>{html.escape(str(problem))}</p>"
    else:
        _write(path, page())
        # JupyterLab shows the page, and needs no picture below it.
        window = (
            "<style>.lm-Widget .explorer-still {display: none}</style>"
            f'<iframe src="{NAME}" title="The explorer" width="100%" height="{int(height)}" '
            'style="border: 0"></iframe>'
        )
    shown = f'{window}<div class="explorer-still">{picture}</div>'
    display({"text/plain": f"the explorer, in {NAME}", "text/html": shown}, raw=True)


def write_page(path):
    """Write the page to the file `path`, whole or not at all; its path.

    A page of ours that is there is replaced, another file never. Raises OSError, in one sentence,
    for that, for a folder that cannot be written and for weights that cannot be read.
    """
    if not str(path):
        raise ValueError("--out must name a file and is empty: try --out explorer.html.")
    path = _place(path)  # told before the seconds that the weights take
    _write(path, page())
    return path


def page():
    """The page, as bytes of HTML. Raises OSError if something shipped is missing or damaged."""
    here = Path(__file__)
    text = here.with_suffix(".html").read_text("utf-8")
    picture = base64.b64encode(STILL.read_bytes()).decode()
    parts = {
        "/* style */": here.with_suffix(".css").read_text("utf-8"),
        "/* numbers */": here.with_name("explorer_numbers.js").read_text("utf-8"),
        "/* script */": here.with_suffix(".js").read_text("utf-8"),
        "/* shipped */": json.dumps(gather(), ensure_ascii=False, separators=(",", ":")),
        'src="still"': f'src="data:image/png;base64,{picture}"',
        'alt="still"': f'alt="{html.escape(STILL_SAYS)}"',
    }
    for place, content in parts.items():
        text = text.replace(place, content, 1)
    return text.encode()


@functools.cache
def gather():
    """All numbers of the page, as a dict for JSON: models, test digits, the mean training image.

    Arrays are base64 of little-endian float16, images of uint8. A model's "weights" are W
    (784, units), b (units,), V (units, 784) and c (784,), one behind the other.
    """
    (train, _), (test, y_test) = load_mnist(scale=False)
    x_test = as_rows(test)
    many = TO_PICK + TO_GUESS
    some = np.stack([np.flatnonzero(y_test == digit)[:many] for digit in range(10)], 1)
    some = some.ravel()  # the digits 0 to 9, again and again
    return {
        "groups": GROUPS,
        "models": [_model(shown, weights, x_test, y_test) for shown, weights in load_models()],
        "labels": y_test[some].tolist(),
        "numbers": some.tolist(),
        "pick": 10 * TO_PICK,  # so many of them can be picked
        "images": _base64(test[some]),
        "base": np.bincount(y_test, minlength=10).tolist(),
        "mean": _base64((train.mean(axis=0) / 255).astype("<f2")),
    }


def load_models():
    """Pairs (Shown, [W, b, V, c]), float16 arrays, of all models of the page.

    Raises OSError, in one sentence, for weights that are missing or are no finite numbers.
    """
    _, swept = load_sweep()
    pairs = []
    for shown in MODELS:
        weights = _stored(swept, shown.stored) if shown.stored else _lesson_weights(shown.l1)
        weights = [np.asarray(array).astype("<f2") for array in weights]
        if not all(np.isfinite(array).all() for array in weights):
            raise OSError(
                f"the weights of {GROUPS[shown.group]}, {shown.setting}, are not all finite "
                "numbers: restore them with `git checkout -- data` or reinstall sparse-ae."
            )
        pairs.append((shown, weights))
    return pairs


def _stored(swept, name):
    parts = ("code/kernel", "code/bias", "reconstruction/kernel", "reconstruction/bias")
    if not set(parts) <= set(swept.get(name, ())):
        raise OSError(
            f"{SWEEP_WEIGHTS} has no model {name}: restore it with `git checkout -- data` or "
            "reinstall sparse-ae."
        )
    return [swept[name][part] for part in parts]


def _lesson_weights(l1):
    from ..models import load_lesson_model

    return load_lesson_model(l1).get_weights()


def _model(shown, weights, x_test, y_test):
    W, b, V, _ = (array.astype("float32") for array in weights)
    codes = relu_codes(x_test, W, b)
    if shown.k:
        codes = keep_largest(codes, shown.k)
    return {
        "group": shown.group,
        "setting": shown.setting,
        "l1": shown.l1,
        "k": shown.k,
        "units": len(b),
        "norm": float(np.linalg.norm(V, 2)),  # the decoder's, for the step of ISTA
        # Where a colour scale ends, as in the figures of the course.
        "limits": {"atom": color_scale(V)[0], "column": color_scale(W)[0]},
        "rates": np.round(firing_rates(codes), 4).tolist(),
        "largest": np.round(codes.max(axis=0), 3).tolist(),
        "digits": ((codes > 0).T.astype(int) @ np.eye(10, dtype=int)[y_test]).tolist(),
        "weights": _base64(np.concatenate([array.ravel() for array in weights])),
    }


def _base64(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def _place(path):
    """`path` as a Path if a page may be written there, else OSError in one sentence."""
    path = Path(path)
    if os.path.lexists(path) and not _is_ours(path):
        raise FileExistsError(
            f"{path} is no page of the explorer and is not overwritten: name another file with "
            "--out, or move this one away."
        )
    if not path.parent.is_dir():
        raise OSError(f"{path} cannot be written: there is no folder {path.parent}.")
    if not os.access(path.parent, os.W_OK):
        raise _unwritable(path, "its folder is read-only")
    return path


def _is_ours(path):
    try:
        with path.open("rb") as file:
            return MARK in file.read(1000)
    except OSError:  # a folder, or a file that may not be read
        return False


def _write(path, content):
    try:
        if _is_ours(path):
            replace(path, content)
        else:
            write_new(path, content)
    except FileExistsError:
        raise
    except OSError as problem:
        raise _unwritable(path, problem.strerror) from None


def _unwritable(path, reason):
    return OSError(f"{path} cannot be written ({reason}): name a file in a folder of your own.")
