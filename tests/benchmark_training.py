"""How long the lesson's training takes, and how much less it can take: a table of ratios.

    python tests/benchmark_training.py [--rounds 3] [--png FILE] [--pytest]

Every measurement runs in a process of its own, the kinds in turn, one seed per round; the table
gives the median of each and its ratio to the lesson's own code in the same round, with the smallest
and the largest. Nothing is asserted: other machines have other numbers.

Where the time goes, for one epoch on the two cores of the machine named in README, in seconds: the
lesson's `fit` takes 0.6 to 1.0, and about 1.1 CPU seconds. Its parts, each timed by itself: 235
training steps on a batch that stays in place 0.53, of which the five matrix products are 0.06;
gathering the batches and handing them over 0.05; the rest, about 0.2, is Keras's loop around them.
So most of it is neither arithmetic nor input, but many small operations started one by one. XLA
fuses them; a step at a time that takes 0.43, since each call hands over all weights and metrics
anew. The whole-epoch program takes 0.08 to 0.09, its rows gathered as bytes included, the new order
and the metrics 0.002. The gradients written out (`sparse_ae/fast/lesson_step.py`) save about a
tenth of it beside Keras's `train_step`. Tracing and compiling take about 0.5 once per `fit`.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
LESSON_EPOCHS = 50
SHORT_EPOCHS = 10  # of what takes the same time in every epoch


def used():
    """Seconds, CPU seconds and peak memory in bytes of this process so far."""
    with open("/proc/self/status") as file:
        (peak,) = (line.split()[1] for line in file if line.startswith("VmHWM"))
    return time.perf_counter(), time.process_time(), int(peak) * 1024


def timed(work):
    """What `work()` returned, and the seconds, CPU seconds and peak memory after it."""
    start = used()
    answer = work()
    end = used()
    return answer, {"seconds": end[0] - start[0], "cpu": end[1] - start[1], "memory": end[2]}


def raw_images():
    import numpy as np

    with np.load(ROOT / "data" / "mnist.npz") as file:
        return file["x_train"].reshape(-1, 784), file["x_test"].reshape(-1, 784)


def quality(model, objective):
    """The last epoch's objective, and BCE and objective on the test images."""
    from sparse_ae import encode, l1_penalty, measure_model

    images = raw_images()[1].astype("float32") / 255
    bce = measure_model(model, images)["bce"]
    return {
        "objective": objective,
        "test_bce": bce,
        "test_objective": bce + l1_penalty(encode(model, images)),
    }


def lesson(seed):
    """The lesson's own lines."""
    from sparse_ae.support.keras_start import keras

    layers, regularizers = keras.layers, keras.regularizers
    x_train = raw_images()[0].astype("float32") / 255.0
    keras.utils.set_random_seed(seed)
    model = keras.Sequential()
    model.add(keras.Input((784,)))
    model.add(layers.Dense(32, activation="relu", activity_regularizer=regularizers.L1(10e-5)))
    model.add(layers.Dense(784, activation="sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
    history, found = timed(
        lambda: model.fit(
            x_train, x_train, verbose=0, epochs=LESSON_EPOCHS, batch_size=256, shuffle=True
        )
    )
    return found | quality(model, history.history["loss"][-1])


def course(seed, quick=False):
    """The course's: `fit(training_batches(x_train))`."""
    from sparse_ae import QUICK_EPOCHS, build_autoencoder, quick_optimizer, training_batches
    from sparse_ae.support.keras_start import keras

    x_train = raw_images()[0]
    keras.utils.set_random_seed(seed)
    batches = training_batches(x_train)
    model = build_autoencoder(optimizer=quick_optimizer(batches) if quick else "adam")
    epochs = QUICK_EPOCHS if quick else LESSON_EPOCHS
    history, found = timed(lambda: model.fit(batches, epochs=epochs, verbose=0))
    return found | quality(model, history.history["loss"][-1])


def recipe(seed):
    return course(seed, quick=True)


def numpy_alone(seed, products_only=False):
    """The same training in NumPy, or its five matrix products alone: the floor."""
    import numpy as np

    random = np.random.default_rng(seed)
    images = raw_images()[0]
    limit = (6 / (784 + 32)) ** 0.5
    weights = [
        random.uniform(-limit, limit, (784, 32)).astype("float32"),
        np.zeros(32, "float32"),
        random.uniform(-limit, limit, (32, 784)).astype("float32"),
        np.zeros(784, "float32"),
    ]
    means, squares = ([np.zeros_like(w) for w in weights] for _ in range(2))

    def step(number, rows):
        W, b, V, c = weights
        x = rows.astype("float32") / 255
        codes = np.maximum(x @ W + b, 0)
        p = 1 / (1 + np.exp(-(codes @ V + c)))
        bce = -np.mean(x * np.log(p + 1e-7) + (1 - x) * np.log(1 - p + 1e-7))
        to_z = (p - x) / x.size
        to_codes = (to_z @ V.T + np.float32(1e-4 / len(x))) * (codes > 0)
        gradients = [x.T @ to_codes, to_codes.sum(0), codes.T @ to_z, to_z.sum(0)]
        rate = 1e-3 * (1 - 0.999**number) ** 0.5 / (1 - 0.9**number)
        for w, m, v, g in zip(weights, means, squares, gradients, strict=True):
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            w -= np.float32(rate) * m / (np.sqrt(v) + 1e-7)
        return bce

    x = images[:256].astype("float32") / 255

    def products(number, rows):
        W, _, V, _ = weights
        return x @ W, x[:, :32] @ V, x @ V.T, x[:, :32].T @ x, x.T @ x[:, :32]

    def train():
        number = 0
        for _ in range(SHORT_EPOCHS):
            order = random.permutation(len(images))
            for start in range(0, len(order), 256):
                number += 1
                (products if products_only else step)(number, images[order[start : start + 256]])

    _, found = timed(train)
    times = LESSON_EPOCHS / SHORT_EPOCHS
    return {name: value * (1 if name == "memory" else times) for name, value in found.items()}


def floor(seed):
    return numpy_alone(seed, products_only=True)


def predicting(seed):
    """Codes and reconstructions of all 70,000 images: ours and Keras's `predict`."""
    import numpy as np

    from sparse_ae import build_encoder, encode, load_lesson_model, reconstruct

    images = np.concatenate(raw_images()).astype("float32") / 255
    model = load_lesson_model()
    encoder = build_encoder(model)
    ours, found = timed(lambda: (encode(model, images), reconstruct(model, images)))
    keras_own, other = timed(
        lambda: (encoder.predict(images, verbose=0), model.predict(images, verbose=0))
    )
    largest = max(np.abs(a - b).max() for a, b in zip(ours, keras_own, strict=True))
    return {"seconds": found["seconds"], "predict": other["seconds"], "difference": float(largest)}


def size(images=60_000, code_size=32, epochs=4):
    """Seconds per epoch after the first, and peak memory, for other sizes of data and code."""
    import numpy as np

    from sparse_ae import build_autoencoder, training_batches
    from sparse_ae.support.keras_start import keras

    data = np.resize(raw_images()[0], (images, 784))
    ends = []
    clock = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter())
    )
    model = build_autoencoder(code_size)
    model.fit(training_batches(data), epochs=epochs, verbose=0, callbacks=[clock])
    return {"seconds": float(np.median(np.diff(ends))), "memory": used()[2]}


def mapped(images=2_000_000, allowed=600_000_000):
    """Trains on a memory-mapped file of more bytes than the process may still allocate."""
    import resource
    import tempfile

    import numpy as np

    from sparse_ae import build_autoencoder, training_batches

    model = build_autoencoder()
    model.fit(training_batches(raw_images()[0][:512]), verbose=0)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "images.npy"
        data = np.lib.format.open_memmap(file, "w+", np.uint8, (images, 784))
        for start in range(0, images, 60_000):
            rows = data[start : start + 60_000]
            rows[:] = raw_images()[0][: len(rows)]
        del data, rows
        with open("/proc/self/statm") as status:
            now = int(status.read().split()[5]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_DATA, (now + allowed,) * 2)
        batches = training_batches(np.load(file, mmap_mode="r"))
        history, found = timed(lambda: model.fit(batches, verbose=0))
    loss = history.history["loss"][-1]
    return {"file": images * 784, "allowed": allowed, "loss": loss, "seconds": found["seconds"]}


def measure(call):
    """The answer of one call in a process of its own."""
    command = [sys.executable, __file__, "--one", call]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def starting():
    """Seconds of the shortest commands."""
    script = str(Path(sys.executable).with_name("sparse-ae"))
    commands = {
        "import numpy": [sys.executable, "-c", "import numpy"],
        "import sparse_ae": [sys.executable, "-c", "import sparse_ae"],
        "sparse-ae --help": [script, "--help"],
    }
    seconds = {name: [] for name in commands}
    for _ in range(9):
        for name, command in commands.items():
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def row(name, ratios, *values):
    low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
    print(f"{name:48} {middle:6.3f}  ({low:.3f} to {high:.3f})  ", *values, flush=True)


def slope(sizes, values):
    """The exponent of the growth: the slope of the line through the logarithms."""
    import numpy as np

    return np.polyfit(np.log(sizes), np.log(values), 1)[0]


def print_machine():
    names = [
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    processor = names[0].split(": ")[1] if names else platform.processor()
    print(f"{processor}, {os.cpu_count()} cores, {platform.platform()}")
    packages = ("tensorflow", "keras", "numpy")
    versions = (f"{name} {importlib.metadata.version(name)}" for name in packages)
    print(f"Python {platform.python_version()},", ", ".join(versions))


def print_training(rounds):
    kinds = ("lesson", "course", "recipe", "numpy_alone", "floor")
    runs = {kind: [] for kind in kinds}
    for seed in range(rounds):
        for kind in kinds:
            runs[kind].append(measure(f"{kind}({seed})"))

    def ratios(kind, what="seconds"):
        pairs = zip(runs[kind], runs["lesson"], strict=True)
        return [one[what] / other[what] for one, other in pairs]

    def middle(kind, what="seconds"):
        return statistics.median(one[what] for one in runs[kind])

    def mean(kind, what):
        return statistics.mean(one[what] for one in runs[kind])

    print(f"\nthe lesson's fit, {LESSON_EPOCHS} epochs, median of {rounds}:")
    print(f"{middle('lesson'):.1f} s, {middle('lesson', 'cpu'):.1f} CPU s, ", end="")
    print(f"{middle('lesson', 'memory') / 1e6:.0f} MB\n")
    print(f"{'ratio to the lesson in the same round':48} median  (smallest to largest)")
    seconds = {kind: f"{middle(kind):.1f} s" for kind in kinds}
    row("50 epochs", ratios("course"), seconds["course"])
    row("50 epochs, CPU", ratios("course", "cpu"), f"{middle('course', 'cpu'):.1f} CPU s")
    row("to the lesson's quality, the quick recipe", ratios("recipe"), seconds["recipe"])
    memory = f"{middle('course', 'memory') / 1e6:.0f} MB"
    row("peak memory of the process", ratios("course", "memory"), memory)
    row("plain NumPy", ratios("numpy_alone"), seconds["numpy_alone"])
    row("the five matrix products alone", ratios("floor"), seconds["floor"])
    print(f"\nmean of {rounds} seeds   objective, last epoch   test BCE   test objective")
    for kind in ("lesson", "course", "recipe"):
        found = (mean(kind, what) for what in ("objective", "test_bce", "test_objective"))
        print("{:18} {:18.4f} {:13.4f} {:12.4f}".format(kind, *found))
    return {
        "lesson": 1.0,
        "course, 50 epochs": statistics.median(ratios("course")),
        "course, quick recipe": statistics.median(ratios("recipe")),
        "plain NumPy, 50 epochs": statistics.median(ratios("numpy_alone")),
        "five matrix products": statistics.median(ratios("floor")),
    }


def print_use(rounds):
    runs = [measure(f"predicting({seed})") for seed in range(rounds)]
    row(
        "encode and reconstruct 70,000, to predict's",
        [one["seconds"] / one["predict"] for one in runs],
        f"largest difference {max(one['difference'] for one in runs):.0e}",
    )
    found = starting()
    for name in ("import sparse_ae", "sparse-ae --help"):
        row(
            f"{name}, to import numpy",
            [found[name] / found["import numpy"]],
            f"{found[name]:.2f} s",
        )


def print_scale():
    sizes = (6_000, 60_000, 600_000)
    found = [measure(f"size({number}, epochs={4 if number > 9e4 else 12})") for number in sizes]
    print("\nimages      microseconds per image and epoch   peak memory")
    for number, one in zip(sizes, found, strict=True):
        print(f"{number:7} {one['seconds'] / number * 1e6:20.2f} {one['memory'] / 1e6:26.0f} MB")
    print(
        f"seconds grow as images to the power of {slope(sizes, [o['seconds'] for o in found]):.2f}"
    )
    grown = (found[-1]["memory"] - found[1]["memory"]) / (sizes[-1] - sizes[1]) / 784
    print(f"memory grows by {grown:.2f} bytes per pixel")
    codes = (32, 128, 512, 2048)
    found = [measure(f"size(code_size={number})") for number in codes]
    print("\ncode size   seconds per epoch   peak memory")
    for number, one in zip(codes, found, strict=True):
        print(f"{number:7} {one['seconds']:18.2f} {one['memory'] / 1e6:15.0f} MB")
    exponent = slope(codes[1:], [o["seconds"] for o in found[1:]])
    print(f"from 128 units on, seconds grow as code size to the power of {exponent:.2f}")
    one = measure("mapped()")
    print(
        f"\na memory-mapped file of {one['file'] / 1e6:.0f} MB, {one['allowed'] / 1e6:.0f} MB of "
        f"memory left: one epoch in {one['seconds']:.1f} s, loss {one['loss']:.3f}"
    )


def draw(ratios, path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(figsize=(8, 2.4), layout="constrained")
    names = list(ratios)[::-1]
    bars = ax.barh(names, [ratios[name] for name in names], color="#0072B2")
    ax.bar_label(bars, [f"{ratios[name]:.2f}" for name in names], padding=3)
    ax.set(xlabel="seconds, the lesson's own fit = 1", xlim=(0, 1.1))
    ax.spines[["top", "right"]].set_visible(False)
    partial = path.with_name(f".{path.name}.partial.png")
    figure.savefig(partial, dpi=120)
    partial.replace(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="of each training, one seed a round")
    parser.add_argument("--png", type=Path, help="draw the bars into this file")
    parser.add_argument("--pytest", action="store_true", help="time the whole test suite as well")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(eval(options.one)))
        return
    print_machine()
    ratios = print_training(options.rounds)
    print()
    print_use(options.rounds)
    print_scale()
    if options.png:
        draw(ratios, options.png)
    if options.pytest:
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "pytest", "-q"], cwd=ROOT, check=False)
        print(f"the whole pytest: {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
