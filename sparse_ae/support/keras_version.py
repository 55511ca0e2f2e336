"""The one version that decides whether the course's model trains or collapses."""

from importlib.metadata import PackageNotFoundError, version

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
