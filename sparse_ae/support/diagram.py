"""The lesson's `plot_model`, for machines without the `dot` program."""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

from .files import replace
from .keras_start import keras, quiet_descriptor_2

_FORMATS = ("png", "svg", "pdf", "jpg")


def plot_model(
    model, to_file="model.png", show_shapes=False, show_layer_names=False, *, dpi=96, **options
):
    """Draw the layers of a Keras model as `keras.utils.plot_model` does.

    to_file: where the picture is written, as .png, .svg, .pdf or .jpg; None writes no file.
    show_shapes, show_layer_names, and further `options`: as in `keras.utils.model_to_dot`.
    dpi: dots per inch of the picture.

    Graphviz runs inside Python, from the wheel of pygraphviz, so no `dot` program is needed; the
    letters are matplotlib's, so no font is needed either. Returns an object that a notebook shows,
    with the layers in words for those who cannot see it.
    Raises ValueError for a model that is not built or another file ending.
    """
    suffix = Path("model.png" if to_file is None else to_file).suffix.lower().lstrip(".")
    if suffix not in _FORMATS:
        raise ValueError(
            f"to_file must end in .{', .'.join(_FORMATS)} and is {str(to_file)!r}: "
            "try 'model_plot.png'."
        )
    if not getattr(model, "built", False):
        raise ValueError(
            "model must be a built Keras model: begin it with keras.Input((784,)), "
            "or make one with build_autoencoder()."
        )
    dot = keras.utils.model_to_dot(
        model, show_shapes=show_shapes, show_layer_names=show_layer_names, dpi=dpi, **options
    ).to_string()
    picture = _draw(dot, "png")
    if to_file is not None:
        _write(Path(to_file), picture if suffix == "png" else _draw(dot, suffix))
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


def _draw(dot, format):
    with quiet_descriptor_2(), _matplotlib_fonts():
        import pygraphviz

        return pygraphviz.AGraph(string=dot).draw(format=format, prog="dot")


@contextmanager
def _matplotlib_fonts():
    """Let Graphviz see matplotlib's fonts: a bare server has none and would draw empty boxes."""
    import matplotlib

    fonts = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "fonts.conf"
        config.write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
            f"<fontconfig><dir>{fonts}</dir><cachedir>{folder}</cachedir></fontconfig>"
        )
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(config)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


def _write(path, content):
    """Write all of the file or nothing of it."""
    try:
        replace(path, content)
    except OSError as problem:
        raise OSError(
            f"{path} cannot be written ({problem.strerror}): give to_file a folder that exists."
        ) from None
