"""What a sweep leaves behind: its rows and weights read again, and its variants side by side."""

import csv
import zipfile

import numpy as np

from ..support.files import BUNDLED
from ..training import QUICK_EPOCHS

SWEEP = BUNDLED / "data" / "sweep.csv"
SWEEP_WEIGHTS = BUNDLED / "data" / "sweep_weights.npz"


def load_sweep(table=SWEEP, weights=SWEEP_WEIGHTS):
    """The course's sweep: `(rows, weights)`, what notebooks would take half an hour to train.

    rows: a list of dicts, one for each model: "variant", "units", "setting" (the name of its
        number: "l1", "k" or "beta"), "value", "seed", "epochs", "threshold" (below which a code
        was set to zero; 0 but for KL), and the measures on the test images.
    weights: of seed 0 of some of them, {"unit_32_0.0004": {"code/kernel": float32 array, …}, …}:
        variant, units and value give the name. They were kept in half precision.
    table, weights: paths of other files that `sparse-ae sweep` has written; weights may be None.

    Raises OSError, in one sentence, if a file is missing or damaged.
    """
    try:
        with open(table, encoding="utf-8", newline="") as file:
            rows = [
                {name: _typed(text) for name, text in row.items()} for row in csv.DictReader(file)
            ]
        found = {}
        if weights is not None:
            with np.load(weights, allow_pickle=False) as file:
                for name in file.files:
                    model, part = name.split("/", 1)
                    found.setdefault(model, {})[part] = file[name].astype("float32")
    except (
        OSError,
        ValueError,
        AttributeError,
        csv.Error,
        zipfile.BadZipFile,
        EOFError,
    ) as problem:
        reason = getattr(problem, "strerror", None) or type(problem).__name__
        raise OSError(
            f"{table} or {weights} cannot be read ({reason}): restore them with "
            "`git checkout -- data`, reinstall sparse-ae, or run the sweep again."
        ) from None
    return rows, found


def _typed(text):
    """A cell of the table: a whole number, a number, or a word."""
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


# The variants of a sweep, as its table names them, in words.
VARIANT_NAMES = {
    "plain": "no penalty, that few units",
    "free": "L1",
    "unit": "L1, atoms of length 1",
    "priced": "L1 priced by atom length",
    "kl": "KL",
    "topk": "TopK",
    "topk_resampled": "TopK, dead units resampled",
    "gated": "Gated",
}


def variants_table(rows, targets=((32, 8), (128, 16))):
    """All variants of a sweep at about the same L0, as a Markdown table; nothing in it is typed.

    rows: of `load_sweep()`, or of the table that `sparse-ae sweep` writes: dicts.
    targets: pairs (units, L0): of each variant with so many units, the setting whose mean L0 is
        nearest to the wanted one. Numbers are means over the seeds ± their standard deviation.
    """
    heading = "units | variant | setting | L0 | BCE | EV | never on | mostly on | atom length"
    lines = [f"| {heading} |", "|---" * (heading.count("|") + 1) + "|"]
    for units, wanted in targets:
        for variant, name in VARIANT_NAMES.items():
            groups = {}
            for row in rows:
                wide = row["units"] == units or variant == "plain"
                if row["variant"] == variant and row["epochs"] == QUICK_EPOCHS and wide:
                    key = row["units"], row["value"], row["threshold"]
                    groups.setdefault(key, []).append(row)
            if not groups:
                continue
            key, nearest = min(groups.items(), key=lambda g: abs(_mean(g[1], "l0") - wanted))
            if abs(_mean(nearest, "l0") - wanted) > wanted / 2:
                continue
            cells = [
                units, name, _setting(nearest[0]), _spread(nearest, "l0", 1),
                _spread(nearest, "bce", 3), f"{_mean(nearest, 'ev'):.2f}",
                _spread(nearest, "never_on", 0), f"{_mean(nearest, 'mostly_on'):.0f}",
                f"{_mean(nearest, 'atom_length'):.1f}",
            ]  # fmt: skip
            lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines) + "\n"


def penalty_for(l0, penalties, l0s):
    """The λ at which an L0 can be expected, read off a sweep. A float.

    penalties: λ > 0, ascending. l0s: the L0 that each gave; fewer for a larger λ. Between two of
    them straight lines are drawn over log λ; beyond them the answer is the nearest λ.
    """
    return float(np.exp(np.interp(-l0, -np.asarray(l0s), np.log(penalties))))


def _mean(rows, column):
    return np.mean([row[column] for row in rows])


def _spread(rows, column, digits):
    values = [row[column] for row in rows]
    spread = f" ± {np.std(values, ddof=1):.{digits}f}" if len(values) > 1 else ""
    return f"{np.mean(values):.{digits}f}{spread}"


def _setting(row):
    if row["setting"] == "units":
        return f"{row['units']} units"
    name = {"l1": "λ", "k": "k", "beta": "β"}[row["setting"]]
    zeroed = f", below {row['threshold']:g} zero" if row["threshold"] else ""
    return f"{name} {row['value']:g}{zeroed}"
