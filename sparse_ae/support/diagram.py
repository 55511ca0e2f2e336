"""The lesson's `plot_model`, for machines without the `dot` program."""

import html
import io
import os
import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

from .files import replace
from .keras_start import keras

FORMATS = ("png", "svg", "jpg", "pdf")
_PDF_DPI = 300
_FIRST, _SECOND = "graphviz-pure", "dot"


def plot_model(
    model, to_file="model.png", show_shapes=False, show_layer_names=False, *, dpi=96, **options
):
    """Draw the layers of a Keras model as `keras.utils.plot_model` does.

    to_file: where the picture is written, as .png, .svg, .jpg or .pdf (there it is made of
        pixels, 300 in an inch); None writes no file.
    show_shapes, show_layer_names, and further `options`: as in `keras.utils.model_to_dot`.
    dpi: dots per inch of the picture.

    Graphviz is a program that pip installs (graphviz-pure); it brings its letters and needs
    nothing of the system. Where it does not run, a `dot` on the path is taken. Returns an object
    that a notebook shows, with the layers in words for those who cannot see it. Raises ValueError
    for a model that is not built or another file ending,
    OSError if neither program runs or the file cannot be written.
    """
    suffix = Path("model.png" if to_file is None else to_file).suffix.lower().lstrip(".")
    if suffix not in FORMATS:
        raise ValueError(
            f"to_file must end in .{', .'.join(FORMATS)} and is {str(to_file)!r}: "
            "try 'model_plot.png'."
        )
    if not getattr(model, "built", False):
        raise ValueError(
            "model must be a built Keras model: begin it with keras.Input((784,)), "
            "or make one with build_autoencoder()."
        )
    options |= {"show_shapes": show_shapes, "show_layer_names": show_layer_names}

    def drawn(suffix, dpi=dpi):
        dot = keras.utils.model_to_dot(model, dpi=dpi, **options).to_string()
        # Keras puts names and shapes into HTML as they are, and a name may hold & or <.
        dot = re.sub(r"<b>(.*?)</b>", lambda found: f"<b>{html.escape(found[1])}</b>", dot)
        return _draw(dot, suffix)

    picture = drawn("png")
    if to_file is not None:
        if suffix == "pdf":
            content = _as_pdf(drawn("png", _PDF_DPI))
        else:
            content = picture if suffix == "png" else drawn(suffix)
        _write(Path(to_file), content)
    from IPython.display import Image

    from .pictures import with_words

    class Diagram(Image):
        def _repr_mimebundle_(self, include=None, exclude=None):
            return with_words(self.data, self.alt)

    return Diagram(picture, alt=_in_words(model))


def _in_words(model):
    sizes = [getattr(getattr(layer, "output", None), "shape", "?") for layer in model.layers]
    boxes = [f"{one.name} gives {size}" for one, size in zip(model.layers, sizes, strict=True)]
    return (
        f"The layers of the model {model.name} as boxes from top to bottom, with the shapes of "
        f"what they give: {'; '.join(boxes)}. None stands for the number of images."
    )


def _draw(dot, suffix):
    """The bytes of the picture that `dot`, a graph in Graphviz's language, describes."""
    troubles = []
    for name, program in _programs():
        try:
            done = subprocess.run(
                [program, f"-T{suffix}"], input=dot.encode(), capture_output=True, timeout=60
            )
        except (OSError, subprocess.TimeoutExpired) as problem:
            troubles.append(f"{name}: {getattr(problem, 'strerror', None) or 'no answer'}")
            continue
        if done.returncode == 0 and done.stdout:
            return done.stdout
        said = done.stderr.decode(errors="replace").strip().split("\n")[0]
        troubles.append(f"{name}: {said or f'exit status {done.returncode}'}")
    raise OSError(
        f"the layers cannot be drawn ({'; '.join(troubles)}): run: python -m pip install "
        f"--force-reinstall {_FIRST}; or put Graphviz's `{_SECOND}` on the path."
    )


def _programs():
    """Pairs (name, path) of the programs that may be here, in the order in which to try them."""
    schemes = sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")
    scripts = [sysconfig.get_path("scripts", scheme) for scheme in schemes]
    path = os.pathsep.join([*scripts, os.environ.get("PATH", os.defpath)])
    return [
        (_FIRST, shutil.which(_FIRST, path=path) or _FIRST),
        (_SECOND, shutil.which(_SECOND) or _SECOND),
    ]


def _as_pdf(picture):
    from PIL import Image

    content = io.BytesIO()
    pixels = Image.open(io.BytesIO(picture)).convert("RGB")
    pixels.save(content, "PDF", resolution=_PDF_DPI, quality=95)
    return content.getvalue()


def _write(path, content):
    """Write all of the file or nothing of it."""
    try:
        replace(path, content)
    except OSError as problem:
        raise OSError(
            f"{path} cannot be written ({problem.strerror}): give to_file a folder that exists."
        ) from None
