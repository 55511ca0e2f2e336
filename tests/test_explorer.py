"""The explorer: its page as a file, and its page in a browser without a network, beside NumPy."""

import base64
import errno
import json
import re
import webbrowser
import zipfile
from importlib import resources

import numpy as np
import pytest
from conftest import a_browser, missing

from sparse_ae import bce_per_image, encode, firing_rates, load_sweep, show_explorer
from sparse_ae.course import commands, lab
from sparse_ae.jobs import explorer

pytestmark = pytest.mark.slow  # the page is written first

LARGEST_PAGE, LARGEST_OUTPUT = 3_000_000, 60_000  # bytes
SMALL = explorer.MARK + b" a small page"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    return explorer.write_page(tmp_path_factory.mktemp("explorer") / "explorer.html")


@pytest.fixture(scope="module")
def shipped(page_file):
    """What the page has inside, read out of the file."""
    text = page_file.read_text("utf-8")
    return json.loads(re.search(r'<script type="application/json".*?>(.*?)</script>', text)[1])


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder, a page that is written at once, and no browser: the addresses it got."""
    opened = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(explorer, "page", lambda: SMALL)
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(lab, "has_screen", lambda: True)
    return tmp_path, opened


def halves(text):
    return np.frombuffer(base64.b64decode(text), "<f2")


def weights_of(model):
    """W, b, V, c of a model of the page, as float32."""
    units, flat = model["units"], halves(model["weights"]).astype("float32")
    sizes = np.cumsum([784 * units, units, units * 784])
    W, b, V, c = np.split(flat, sizes)
    return W.reshape(784, units), b, V.reshape(units, 784), c


def largest_stretch(V):
    return np.linalg.svd(np.asarray(V, float), compute_uv=False)[0]


def images_of(shipped):
    pixels = np.frombuffer(base64.b64decode(shipped["images"]), "uint8")
    return pixels.reshape(-1, 784).astype("float32") / 255


# The file


def test_the_page_is_one_small_file_that_asks_for_no_other(page_file):
    text = page_file.read_text("utf-8")
    assert page_file.stat().st_size <= LARGEST_PAGE
    assert "http" not in text and "url(" not in text and "@import" not in text
    assert re.findall(r'<(?:link|script|img|iframe)\b[^>]*?(?:src|href)="(?!data:)', text) == []


def test_its_weights_are_those_that_are_shipped(shipped, lesson):
    _, swept = load_sweep()
    assert len(shipped["models"]) == len(explorer.MODELS) >= 12
    for shown, model in zip(explorer.MODELS, shipped["models"], strict=True):
        assert (model["group"], model["setting"]) == (shown.group, shown.setting)
        if shown.stored:
            parts = swept[shown.stored]
            wanted = [parts[f"{layer}/{part}"] for layer in ("code", "reconstruction")
                      for part in ("kernel", "bias")]  # fmt: skip
        elif shown.l1:
            wanted = [array.astype("float16") for array in lesson.get_weights()]
        else:
            continue
        for found, array in zip(weights_of(model), wanted, strict=True):
            np.testing.assert_array_equal(found, array.astype("float32"))
        assert model["norm"] == pytest.approx(largest_stretch(wanted[2]))


def test_its_digits_are_test_images_and_ten_of_a_kind_stand_in_a_row(shipped, mnist):
    x_test, y_test = mnist[1]
    np.testing.assert_array_equal(images_of(shipped), x_test[shipped["numbers"]])
    assert shipped["labels"] == y_test[shipped["numbers"]].tolist()
    assert shipped["labels"][:20] == [*range(10), *range(10)]
    np.testing.assert_allclose(halves(shipped["mean"]), mnist[0][0].mean(axis=0), atol=3e-4)


def test_the_cards_are_measured_on_all_test_images(shipped, lesson, mnist):
    x_test, y_test = mnist[1]
    model, codes = shipped["models"][0], encode(lesson, x_test)
    np.testing.assert_allclose(model["rates"], firing_rates(codes), atol=2e-3)
    np.testing.assert_allclose(model["largest"], codes.max(axis=0), rtol=5e-3)
    sevens = np.sum((codes > 0) & (y_test == 7)[:, None], axis=0)
    np.testing.assert_allclose(np.array(model["digits"])[:, 7], sevens, atol=10)
    for model in shipped["models"]:
        on = np.sum(model["digits"], axis=1)
        np.testing.assert_allclose(on / len(x_test), model["rates"], atol=1e-4)
        if model["k"]:
            assert np.sum(on) <= model["k"] * len(x_test)


def broken(swept):
    swept["unit_32_0.0004"]["code/bias"][3] = np.nan


@pytest.mark.parametrize("break_", [dict.clear, broken, lambda w: w["topk_32_8"].clear()])
def test_bad_weights_are_told_in_one_sentence(break_, tmp_path, monkeypatch, capsys):
    rows, swept = load_sweep()
    break_(swept)
    monkeypatch.setattr(explorer, "load_sweep", lambda: (rows, swept))
    explorer.gather.cache_clear()
    assert commands.main(["explore", "--out", str(tmp_path / "page.html")]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "restore it" in told.replace("them", "it")
    assert list(tmp_path.iterdir()) == []


def test_explore_writes_a_page_and_opens_it_and_out_only_writes(here, capsys):
    folder, opened = here
    assert commands.main(["explore", "--out", "mine.html"]) == 0
    assert opened == [] and (folder / "mine.html").read_bytes() == SMALL
    assert commands.main(["explore"]) == 0
    assert opened == [(folder / "explorer.html").as_uri()]
    assert "explorer.html" in capsys.readouterr().out


def test_a_page_of_ours_is_replaced_and_nothing_else(here, capsys):
    folder, opened = here
    page, folder_there = folder / "explorer.html", folder / "folder"
    page.write_bytes(explorer.MARK + b" an older page")
    assert commands.main(["explore"]) == 0 and page.read_bytes() == SMALL
    page.write_text("my own notes")
    folder_there.mkdir()
    for arguments in (["explore"], ["explore", "--out", "folder"]):
        assert commands.main(arguments) == 1
        told = capsys.readouterr().err
        assert "not overwritten" in told and told.count("\n") == 1
    assert page.read_text() == "my own notes" and len(opened) == 1
    assert sorted(folder.iterdir()) == [page, folder_there]


def test_where_nothing_can_be_written_one_sentence_says_so(here, monkeypatch, capsys):
    def fail(*_):
        raise OSError(errno.EROFS, "Read-only file system")

    assert commands.main(["explore", "--out", "nowhere/page.html"]) == 1
    assert commands.main(["explore", "--out", ""]) == 2
    monkeypatch.setattr(explorer, "write_new", fail)
    assert commands.main(["explore"]) == 1
    monkeypatch.setattr(explorer.os, "access", lambda *_: False)
    assert commands.main(["explore"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 4 and all(line.startswith("sparse-ae: ") for line in told)
    assert (
        "no folder nowhere" in told[0] and "read-only" in told[3] and list(here[0].iterdir()) == []
    )


@pytest.fixture
def displayed(monkeypatch):
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda data, raw: shown.append(data))
    return shown


def test_a_notebook_shows_the_page_beside_it_and_keeps_little(here, displayed):
    for _ in range(2):
        show_explorer()
    one, other = displayed
    assert one == other and len(one["text/html"]) <= LARGEST_OUTPUT
    assert '<iframe src="explorer.html"' in one["text/html"]
    assert re.search(r'<img alt="[^"]{40,}" src="data:image/png', one["text/html"])
    assert (here[0] / "explorer.html").read_bytes() == SMALL


def test_a_notebook_that_cannot_write_shows_a_picture_and_a_sentence(here, displayed):
    (here[0] / "explorer.html").write_text("my own notes")
    show_explorer()
    (shown,) = displayed
    assert "<iframe" not in shown["text/html"] and "not overwritten" in shown["text/html"]
    assert "<img " in shown["text/html"]


def test_the_wheel_carries_the_page_and_its_picture(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    parts = ("explorer.py", "explorer.html", "explorer.css", "explorer.js", "explorer_numbers.js")
    assert {f"sparse_ae/jobs/{part}" for part in parts} <= names
    assert "sparse_ae/bundled/data/explorer.png" in names


# The page, in a browser, from a file, with the network off


@pytest.fixture(scope="module")
def browser_page():
    with a_browser() as page:
        page.context.set_offline(True)
        page.asked, page.problems = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda problem: page.problems.append(str(problem)))
        yield page


@pytest.fixture
def page(browser_page, page_file):
    """The page, opened anew; afterwards it has asked for nothing and nothing went wrong."""
    browser_page.asked.clear()
    browser_page.goto(page_file.as_uri())
    browser_page.locator("#page").wait_for()
    yield browser_page
    asked = [url for url in browser_page.asked if not url.startswith("data:")]
    assert asked == [page_file.as_uri()] and browser_page.problems == []


def sparse(model, codes):
    """No activation below 0, and of a TopK model the k largest alone."""
    codes = np.maximum(0, codes)
    if not model["k"]:
        return codes
    kth = np.sort(codes, axis=1)[:, [-model["k"]]]
    return np.where(codes >= kth, codes, 0)


def paint(codes, V, c):
    return 1 / (1 + np.exp(-(codes @ V + c)))


def answers(model, images):
    W, b, V, c = weights_of(model)
    codes = sparse(model, images @ W + b)
    copies = paint(codes, V, c)
    return codes, copies, bce_per_image(images, copies)


ANSWERS = """([number, digits]) => JSON.stringify(digits.map((digit) => {
    const [model, image] = [modelOf(number), testImage(digit)];
    const { code, copy, bce } = measured(model, image, encode(model, image));
    return [[...code], [...copy], bce];
}))"""


@pytest.mark.browser
def test_every_model_answers_as_numpy(page, shipped):
    digits = list(range(0, 60, 3))
    images = images_of(shipped)[digits]
    for number, model in enumerate(shipped["models"]):
        found = zip(*json.loads(page.evaluate(ANSWERS, [number, digits])), strict=True)
        for one, wanted in zip(found, answers(model, images), strict=True):
            np.testing.assert_allclose(one, wanted, atol=1e-3, err_msg=model["setting"])


@pytest.mark.browser
def test_the_dial_shows_the_same_digit_through_every_model(page, shipped):
    image = images_of(shipped)[7:8]
    floor, ceiling = page.inner_text("#floor"), page.inner_text("#ceiling")
    mean = halves(shipped["mean"]).astype("float32")[None]
    assert float(floor) == pytest.approx(bce_per_image(image, image)[0], abs=6e-4)
    assert float(ceiling) == pytest.approx(bce_per_image(image, mean)[0], abs=6e-4)
    for group in shipped["groups"]:
        page.check(f'[name="group"][value="{group}"]', force=True)
        models = [model for model in shipped["models"] if model["group"] == group]
        for place, model in enumerate(models):
            page.locator("#dial").evaluate(
                "(dial, place) => { dial.value = place; dial.dispatchEvent(new Event('input')); }",
                place,
            )
            codes, _, bce = answers(model, image)
            assert page.inner_text("#dial-value") == model["setting"]
            assert page.get_attribute("#dial", "aria-valuetext") == model["setting"]
            on = np.flatnonzero(codes[0])
            assert page.inner_text("#l0") == f"{len(on)} of {model['units']}"
            assert float(page.inner_text("#bce")) == pytest.approx(bce[0], abs=1e-3)
            units = page.locator("#atoms > div").evaluate_all("all => all.map(e => e.dataset.unit)")
            strength = codes[0] * np.linalg.norm(weights_of(model)[2], axis=1)
            assert [int(unit) for unit in units] == np.argsort(-strength)[: len(on)].tolist()


def mnist_form(ink):
    """Another way to MNIST's form: areas as differences of an integral, read between its points."""
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    small = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(float)
    longest = max(small.shape)
    for axis in (0, 1):
        old = small.shape[axis]
        new = max(1, round(old * 20 / longest))
        edges, points = np.linspace(0, old, new + 1), np.arange(old + 1)
        sums = np.moveaxis(np.cumsum(np.insert(small, 0, 0, axis=axis), axis=axis), axis, -1)
        read = np.array([np.interp(edges, points, line) for line in sums])
        small = np.moveaxis(np.diff(read, axis=1) * new / old, -1, axis)
    down, right = (np.average(np.arange(n), weights=small.sum(1 - axis))
                   for axis, n in enumerate(small.shape))  # fmt: skip
    image = np.zeros((68, 68))  # 20 more at each side, where nothing comes to lie
    top, left = (20 + int(np.ceil(13.5 - place)) for place in (down, right))
    image[top : top + small.shape[0], left : left + small.shape[1]] = small
    return image[20:48, 20:48]


def test_mnist_has_the_form_that_drawings_get(x_test):
    """The longer side is 20 pixels, and the pixel nearest to the centre of mass is the 14th."""
    squares = x_test.reshape(-1, 28, 28)
    sides = [[np.ptp(np.flatnonzero(q.any(axis=axis))) + 1 for axis in (0, 1)] for q in squares]
    assert np.mean(np.max(sides, axis=1) == 20) > 0.999
    for axis in (1, 2):
        ink = squares.sum(axis=axis)
        centres = ink @ np.arange(28) / ink.sum(axis=1)
        assert centres.min() > 13.499 and centres.max() < 14.501


def draw(page, points):
    page.locator("#pad").scroll_into_view_if_needed()
    box = page.locator("#pad").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


STROKES = [
    [(0.3, 0.2), (0.7, 0.25), (0.45, 0.85)],  # a seven
    [(0.1, 0.15), (0.16, 0.4)],  # small, in a corner
    [(0.05, 0.5), (0.95, 0.55)],  # wide and low
    [(0.8, 0.8)],  # a point
]
INK = """() => {
    const { data } = element("pad").getContext("2d").getImageData(0, 0, 280, 280);
    return Array.from({ length: 280 * 280 }, (_, i) => Number(data[4 * i] < 128)).join("");
}"""


def ink_of(page):
    return np.frombuffer(page.evaluate(INK).encode(), "uint8").reshape(280, 280) == ord("1")


@pytest.mark.browser
def test_what_is_drawn_is_scaled_and_centred_as_mnist_was(page, shipped):
    model = shipped["models"][page.evaluate("state.model.number")]
    for points in STROKES:
        draw(page, points)
        image = np.array(page.evaluate("[...state.image]")).reshape(28, 28)
        np.testing.assert_allclose(image, mnist_form(ink_of(page)), atol=1e-5)
        rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
        assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
        codes, copies, bce = answers(model, image.reshape(1, 784).astype("float32"))
        np.testing.assert_allclose(page.evaluate("[...state.shown.code]"), codes[0], atol=1e-3)
        np.testing.assert_allclose(page.evaluate("[...state.shown.copy]"), copies[0], atol=1e-3)
        assert page.evaluate("state.shown.bce") == pytest.approx(bce[0], abs=1e-3)
        assert page.locator('[name="digit"]:checked').count() == 0
        page.click("#clear")
        assert not ink_of(page).any() and page.evaluate("Math.max(...state.image)") == 0


AGAIN = """(digit) => {
    const image = testImage(digit);
    const large = (i) => 28 * Math.floor(i / 2800) + Math.floor((i % 280) / 10);
    return [...asMnist(Array.from({ length: 280 * 280 }, (_, i) => image[large(i)] > 0.5), 280)];
}"""


@pytest.mark.browser
def test_a_digit_of_mnist_that_is_drawn_again_comes_back(page, shipped):
    """Ten times as large, and only black and white; it may move by one pixel."""
    for digit, image in enumerate(images_of(shipped)[:20].reshape(-1, 28, 28)):
        again = np.reshape(page.evaluate(AGAIN, digit), (28, 28))
        moved = [np.roll(again, move, axis=(0, 1)) for move in np.ndindex(3, 3)]
        errors = [np.mean(np.abs(np.roll(one, (-1, -1), axis=(0, 1)) - image)) for one in moved]
        assert min(errors) < 0.05


@pytest.mark.browser
def test_a_finger_on_a_phone(browser_page, page_file, shipped):
    context = browser_page.context.browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    phone = context.new_page()
    phone.goto(page_file.as_uri())
    phone.locator("#pad").scroll_into_view_if_needed()
    box, hand = phone.locator("#pad").bounding_box(), context.new_cdp_session(phone)
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in STROKES[0]]
    for number, (x, y) in enumerate(places):
        kind = "touchMove" if number else "touchStart"
        touch = {"type": kind, "touchPoints": [{"x": x, "y": y}]}
        hand.send("Input.dispatchTouchEvent", touch)
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    phone.wait_for_function("state.name === 'your digit'")
    image = np.reshape(phone.evaluate("[...state.image]"), (28, 28))
    np.testing.assert_allclose(image, mnist_form(ink_of(phone)), atol=1e-5)
    assert image[:14].sum() > 20 and image[14:].sum() > 10
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    context.close()


AXE = (
    "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
)


@pytest.mark.browser
def test_axe_finds_nothing(page):
    try:
        script = resources.files("axe_playwright_python") / "axe.min.js"
    except ModuleNotFoundError:
        missing("axe-core", "pip install axe-playwright-python")
    page.click("#new-round")
    page.click("#answers button")
    page.click("#off")
    page.evaluate(script.read_text("utf-8"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = page.evaluate(AXE)
        assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == [], scheme


@pytest.mark.browser
@pytest.mark.parametrize(("group", "momentum"), [("unit", 0), ("lesson", 1), ("topk", 0)])
def test_the_search_steps_as_numpy(page, shipped, group, momentum):
    page.check(f'[name="group"][value="{group}"]', force=True)
    if momentum:
        page.check("#momentum")
    page.click("#step-1")
    page.click("#step-10")
    model, image = shipped["models"][page.evaluate("state.model.number")], images_of(shipped)[7:8]
    _, _, V, c = (array.astype("float64") for array in weights_of(model))
    code = ahead = np.zeros((1, model["units"]))
    # The curvature of the mean BCE over 784 pixels is at most ‖V‖² / (4 · 784).
    step, objectives = 1 / (largest_stretch(V) ** 2 / (4 * 784)), []
    for number in range(12):
        cost = bce_per_image(image, paint(code, V, c))[0] + model["l1"] * np.abs(code).sum()
        objectives.append(cost)
        slope = (paint(ahead, V, c) - image) @ V.T / 784
        shrunk = ahead - step * slope - step * model["l1"]
        new = sparse(model, shrunk)
        further = number / (number + 3) if momentum else 0
        code, ahead = new, new + further * (new - code)
    np.testing.assert_allclose(page.evaluate("state.search.objectives"), objectives, atol=1e-5)
    assert float(page.inner_text("#search-objective")) == pytest.approx(objectives[-1], abs=1e-4)
    assert momentum or np.all(np.diff(objectives) <= 0)
    encoder, _, bce = answers(model, image)
    wanted = bce[0] + model["l1"] * encoder.sum()
    assert float(page.inner_text("#encoder-objective")) == pytest.approx(wanted, abs=1e-4)
    page.click("#search-again")
    assert page.inner_text("#steps") == "0"


@pytest.mark.browser
def test_a_unit_is_switched_off_and_turned_up(page, shipped):
    model, image = shipped["models"][page.evaluate("state.model.number")], images_of(shipped)[7:8]
    (code,), _, _ = answers(model, image)
    unit = int(code.argmax())
    page.fill("#unit", str(unit))
    most = float(page.get_attribute("#amount", "max"))
    assert most > code[unit]
    for where, key, activation in (("#off", "Enter", 0), ("#amount", "End", most)):
        page.press(where, key)
        changed = code.copy()
        changed[unit] = activation
        wanted = bce_per_image(image, paint(changed[None], *weights_of(model)[2:]))[0]
        assert page.evaluate("state.shown.bce") == pytest.approx(wanted, abs=1e-3)
        assert page.inner_text("#l0").startswith(f"{np.count_nonzero(changed)} of")
    page.click("#restore")
    assert page.evaluate("state.changes.size") == 0
    said = page.get_attribute("#profile", "aria-label")
    share = model["digits"][unit][3] / sum(model["digits"][unit])
    found = re.search(r" 3: ([\d.]+) % beside", said)[1]
    assert float(found) == pytest.approx(100 * share, abs=0.51)
    counts = model["digits"][unit]
    own = int(np.argmax(counts))
    wanted = [100 * counts[own] / sum(counts), 100 * counts[own] / shipped["base"][own]]
    digit, *shares = map(float, re.findall(r"[\d.]*\d", page.inner_text("#unit-own")))
    assert digit == own and shares == pytest.approx(wanted, abs=0.51)


@pytest.mark.browser
def test_who_comes_back_finds_the_page_as_its_controls_say(page):
    page.check('[name="group"][value="topk"]', force=True)
    page.check('[name="digit"][value="13"]', force=True)
    page.check("#momentum")
    page.goto("about:blank")
    page.go_back()
    page.locator("#page").wait_for()
    group, number = (page.get_attribute(f'[name="{name}"]:checked', "value")
                     for name in ("group", "digit"))  # fmt: skip
    assert page.evaluate("state.model.group") == group
    assert page.evaluate(f"nameOf({number}) === state.name")
    assert (page.inner_text("#method") == "FISTA") == page.is_checked("#momentum")
    assert page.asked.pop() == page.asked[0]  # it was loaded anew


@pytest.mark.browser
def test_the_right_button_draws_nothing(page):
    page.locator("#pad").click(button="right")
    assert not ink_of(page).any()


@pytest.mark.browser
def test_the_game_asks_for_other_digits_and_for_each_once(page, shipped):
    asked = []
    for _ in range(len(shipped["labels"]) - shipped["pick"]):
        page.click("#new-round")
        asked.append(page.evaluate("game.number"))
    assert sorted(asked) == list(range(shipped["pick"], len(shipped["labels"])))
    assert page.locator('[name="digit"]').count() == shipped["pick"] == 60


OUTLINED = """() => [document.activeElement, document.activeElement.nextElementSibling].some(
    (one) => one && getComputedStyle(one).outlineWidth === "3px")"""


def tab_to(page, where):
    """Tab until the element that `where` selects has the focus, which must be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("where => document.activeElement.matches(where)", where):
            assert page.evaluate(OUTLINED), f"the focus on {where} is not seen"
            return
    raise AssertionError(f"{where} is not reached with the Tab key")


@pytest.mark.browser
def test_by_keyboard_alone(page, shipped):
    press = page.keyboard.press
    tab_to(page, '[name="group"]')
    press("ArrowDown")
    assert page.evaluate("state.model.group") == "topk"
    tab_to(page, "#dial")
    press("End")
    assert page.evaluate("state.model.k") == 16
    page.locator("#said", has_text="16 of 32 units on").wait_for(state="attached")
    tab_to(page, '[name="digit"]')
    press("ArrowRight")
    assert page.evaluate("state.name").startswith("an 8")
    tab_to(page, "#pad")
    for key in ["Space", *["ArrowDown"] * 8, "Space"]:
        press(key)
    assert page.evaluate("state.name") == "your digit" and ink_of(page).sum() > 24 * 80
    page.locator("#said", has_text="your digit").wait_for(state="attached")
    tab_to(page, "#bars")
    press("Home")
    press("ArrowRight")
    assert page.evaluate("state.unit") == 1
    assert page.get_attribute("#bars", "aria-activedescendant") == "bar-1"
    assert page.get_attribute("#bar-1", "aria-label").startswith("unit 1: ")
    tab_to(page, "#atoms")
    press("Home")
    unit = page.evaluate("state.unit")
    assert page.evaluate("state.shown.code[state.unit] * state.model.lengths[state.unit]") > 0
    tab_to(page, "#off")
    press("Enter")
    assert page.evaluate("[...state.changes]") == [[unit, 0]]
    tab_to(page, "#step-10")
    press("Enter")
    assert page.inner_text("#steps") == "10"


@pytest.mark.browser
def test_a_round_of_the_game_by_keyboard(page, shipped):
    tab_to(page, "#new-round")
    for number in range(1, 3):
        page.keyboard.press("Enter")
        code = page.evaluate("[...encode(game.model, testImage(game.number))]")
        said = page.get_attribute("#game-bars", "aria-label")
        assert said.count("unit") == np.count_nonzero(code) and page.is_hidden("#answer")
        right = page.evaluate("shipped.labels[game.number]")
        for wanted in ((right + 1) % 10, right):  # wrong from the code, right from the atoms
            assert page.evaluate("document.activeElement.id") == "asked"
            for _ in range(1 + wanted):
                page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        assert page.inner_text("#game-name").strip(".").endswith(f" {right}")
        score = re.findall(r"(\d+) of (\d+)", page.inner_text("#score"))
        assert score == [("0", str(number)), (str(number), str(number))]
        page.focus("#new-round")


@pytest.mark.browser
def test_an_old_browser_and_a_page_without_scripts(browser_page, page_file):
    context = browser_page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(page_file.as_uri())
    assert plain.locator("noscript img").get_attribute("alt") == explorer.STILL_SAYS
    assert plain.locator("main").is_hidden()
    context.close()
    context = browser_page.context.browser.new_context()
    without = context.new_page()
    without.add_init_script("HTMLCanvasElement.prototype.getContext = () => null;")
    without.goto(page_file.as_uri())
    assert "no canvas" in without.inner_text("#problem") and without.locator("main").is_hidden()
    context.close()
