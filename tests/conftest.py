"""What the tests share: matplotlib without a screen, MNIST, and the shipped model."""

import matplotlib
import pytest

matplotlib.use("Agg")


@pytest.fixture(scope="session")
def mnist():
    from sparse_ae import load_mnist

    return load_mnist()


@pytest.fixture(scope="session")
def x_test(mnist):
    return mnist[1][0]


@pytest.fixture(scope="session")
def lesson():
    from sparse_ae import load_lesson_model

    return load_lesson_model()


@pytest.fixture(autouse=True)
def close_figures():
    yield
    import matplotlib.pyplot as plt

    plt.close("all")
