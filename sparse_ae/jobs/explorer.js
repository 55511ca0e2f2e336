"use strict";

// The page: what is drawn, shown and asked. Its numbers come from explorer_numbers.js.

// Drawing.

const PAD = 280;
const PEN = 24;
const KEY_STEP = 10;

/** The pad: strokes of a pen that pointers or keys move; `onChange` gets the image. */
function makePad(canvas, pen, onChange) {
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const at = { x: PAD / 2, y: PAD / 2, down: false };

    function clear() {
        context.fillStyle = "white";
        context.fillRect(0, 0, PAD, PAD);
        at.down = false;
    }

    function line(x, y) {
        Object.assign(context, { fillStyle: "black", strokeStyle: "black", lineWidth: PEN });
        context.beginPath();
        context.moveTo(at.x, at.y);
        context.lineTo(x, y);
        context.stroke();
        context.beginPath();
        context.arc(x, y, PEN / 2, 0, 2 * Math.PI); // a round end, and a point where nothing moved
        context.fill();
        move(x, y);
    }

    function move(x, y) {
        Object.assign(at, { x, y });
        Object.assign(pen.style, { left: `${(100 * x) / PAD}%`, top: `${(100 * y) / PAD}%` });
    }

    function read() {
        const { data } = context.getImageData(0, 0, PAD, PAD);
        const ink = new Uint8Array(PAD * PAD);
        for (let i = 0; i < ink.length; i++) ink[i] = data[4 * i] < 128;
        return ink;
    }

    function place(event) {
        const box = canvas.getBoundingClientRect();
        return [
            ((event.clientX - box.left) / box.width) * PAD,
            ((event.clientY - box.top) / box.height) * PAD,
        ];
    }

    canvas.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return; // the menu of the right button
        event.preventDefault();
        canvas.focus({ preventScroll: true });
        canvas.setPointerCapture(event.pointerId);
        pen.hidden = true;
        at.down = true;
        move(...place(event));
        line(at.x, at.y);
        onChange(read());
    });
    canvas.addEventListener("pointermove", (event) => {
        if (!at.down || !canvas.hasPointerCapture(event.pointerId)) return;
        const points = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
        for (const point of points.length ? points : [event]) line(...place(point));
        onChange(read());
    });
    for (const name of ["pointerup", "pointercancel"])
        canvas.addEventListener(name, () => (at.down = false));

    canvas.addEventListener("keydown", (event) => {
        const [x, y] = {
            ArrowLeft: [-1, 0],
            ArrowRight: [1, 0],
            ArrowUp: [0, -1],
            ArrowDown: [0, 1],
        }[event.key] || [0, 0];
        if (!x && !y && ![" ", "Delete", "Backspace"].includes(event.key)) return;
        event.preventDefault();
        pen.hidden = false;
        if (event.key === " ") {
            at.down = !at.down;
            say(at.down ? "The pen is down." : "The pen is lifted.");
            if (at.down) line(at.x, at.y);
        } else if (x || y) {
            const to = [at.x + x * KEY_STEP, at.y + y * KEY_STEP].map((place) =>
                Math.min(PAD - PEN, Math.max(PEN, place)),
            );
            (at.down ? line : move)(...to);
        } else {
            clear();
        }
        pen.classList.toggle("down", at.down);
        onChange(read());
    });
    canvas.addEventListener("blur", () => (pen.hidden = true));
    canvas.addEventListener("focus", () => {
        if (canvas.matches(":focus-visible")) pen.hidden = false;
    });
    function empty() {
        clear();
        onChange(read());
    }

    move(at.x, at.y);
    clear();
    return { clear, empty };
}

// Pictures.

const RED_BLUE = [
    "053061",
    "2166ac",
    "4393c3",
    "92c5de",
    "d1e5f0",
    "f7f7f7",
    "fddbc7",
    "f4a582",
    "d6604d",
    "b2182b",
    "67001f",
];
const WEIGHT_COLOURS = Uint8Array.from({ length: 3 * 256 }, (_, i) => {
    const place = (10 * Math.floor(i / 3)) / 255;
    const low = Math.min(9, Math.floor(place));
    const [from, to] = [RED_BLUE[low], RED_BLUE[low + 1]].map((hex) =>
        parseInt(hex.slice(2 * (i % 3), 2 * (i % 3) + 2), 16),
    );
    return Math.round(from + (place - low) * (to - from));
});
const GREYS = Uint8Array.from({ length: 3 * 256 }, (_, i) => 255 - Math.floor(i / 3));

/** 784 values as a picture: `low` has the first of 256 colours, `high` the last. */
function drawPixels(canvas, values, colours, low, high) {
    const context = canvas.getContext("2d");
    const picture = context.createImageData(SIDE, SIDE);
    for (let pixel = 0; pixel < PIXELS; pixel++) {
        const place = Math.round((255 * (values[pixel] - low)) / (high - low));
        const colour = 3 * Math.min(255, Math.max(0, place));
        for (let part = 0; part < 3; part++)
            picture.data[4 * pixel + part] = colours[colour + part];
        picture.data[4 * pixel + 3] = 255;
    }
    context.putImageData(picture, 0, 0);
}

function drawDigit(canvas, image) {
    drawPixels(canvas, image, GREYS, 0, 1);
}

function drawWeights(canvas, weights, limit) {
    drawPixels(canvas, weights, WEIGHT_COLOURS, -limit, limit);
}

/** For each unit of a model what its atom does, in words. */
function wordsOf(model) {
    model.words ||= model.atoms.map(inWords);
    return model.words;
}

const PLACES = [
    ...["top left", "top", "top right", "left", "middle", "right"],
    ...["bottom left", "bottom", "bottom right"],
];

/** Where weights add ink and where they take it away, in words; the edge has none, and is left out. */
function inWords(weights) {
    const added = new Float32Array(9);
    const taken = new Float32Array(9);
    for (let row = 2; row < SIDE - 2; row++) {
        for (let column = 2; column < SIDE - 2; column++) {
            const weight = weights[row * SIDE + column];
            const place = 3 * Math.floor((row - 2) / 8) + Math.floor((column - 2) / 8);
            (weight > 0 ? added : taken)[place] += Math.abs(weight);
        }
    }
    const [first, second] = largestFirst(added).map((place) => PLACES[place]);
    const [least] = largestFirst(taken).map((place) => PLACES[place]);
    return `adds ink most at the ${first} and the ${second}, takes it away most at the ${least}`;
}

// What is shown, and what may be changed.

const state = {
    image: null, // Float32Array (784)
    name: "",
    model: null,
    unit: 0,
    changes: new Map(), // unit → activation
    search: { code: null, objectives: [] },
};

function changedCode(code) {
    const changed = Float32Array.from(code);
    for (const [unit, activation] of state.changes) changed[unit] = activation;
    return changed;
}

function setImage(image, name) {
    Object.assign(state, { image, name });
    state.changes.clear();
    beginSearch();
    update();
}

function setModel(number) {
    state.model = modelOf(number);
    const [strongest] = largestFirst(encode(state.model, state.image));
    state.unit = strongest || 0; // units of two models have nothing to do with each other
    state.changes.clear();
    beginSearch();
    fillBars(element("bars"), state.model.units, "bar", "option");
    fillBars(element("search-bars"), state.model.units);
    update();
}

function setUnit(unit) {
    state.unit = Math.min(state.model.units - 1, Math.max(0, unit));
    update();
}

function setActivation(activation) {
    state.changes.set(state.unit, activation);
    update();
}

/** Everything anew, from the image, the model and the changes; measured, for a frame has 16 ms. */
function update() {
    const start = performance.now();
    const { model, image } = state;
    const encoded = measured(model, image, encode(model, image));
    const shown = state.changes.size ? measured(model, image, changedCode(encoded.code)) : encoded;
    Object.assign(state, { encoded, shown });
    showCopy();
    showCode();
    showAtoms();
    showUnit();
    showSearch();
    document.body.getBoundingClientRect(); // the page is laid out now, and counts
    const spent = performance.now() - start;
    element("time").textContent =
        `Encoder, decoder and drawing took ${spent.toFixed(1)} ms.`;
    later(showAllModels);
    say(inOneSentence());
}

function inOneSentence() {
    const { shown, name, model } = state;
    return `${name}, ${modelName(model)}: ${shown.l0} of ${model.units} units on, BCE ${shown.bce.toFixed(3)}.`;
}

function modelName(model) {
    return `${shipped.groups[model.group]}, ${model.setting.replaceAll(" ", "\u00a0")}`;
}

let waiting;
/** After the frame in which what is changed is drawn. */
function later(work) {
    clearTimeout(waiting);
    waiting = setTimeout(work, 30);
}

let sayLater;
/** Read out by a screen reader, once nothing has changed for a moment. */
function say(text) {
    clearTimeout(sayLater);
    sayLater = setTimeout(() => (element("said").textContent = text), 400);
}

function showCopy() {
    const { image, encoded, shown, model, name } = state;
    const floor = bceOf(image, image);
    const ceiling = bceOf(image, meanImage);
    drawDigit(element("image"), image);
    drawDigit(element("copy"), shown.copy);
    element("image").setAttribute("aria-label", name);
    element("copy").setAttribute("aria-label", `its reconstruction, BCE ${shown.bce.toFixed(3)}`);
    element("image-name").textContent = name;
    element("l0").textContent = `${shown.l0} of ${model.units}`;
    element("bce").textContent = shown.bce.toFixed(3);
    if (state.changes.size)
        element("bce").insertAdjacentHTML(
            "beforeend",
            ` <small>was ${encoded.bce.toFixed(3)}</small>`,
        );
    element("floor").textContent = floor.toFixed(3);
    element("ceiling").textContent = ceiling.toFixed(3);
    const share = (shown.bce - floor) / (ceiling - floor);
    element("mark").style.left = `${100 * Math.min(1, Math.max(0, share))}%`;
    element("brackets").setAttribute(
        "aria-label",
        `BCE ${shown.bce.toFixed(3)} between ${floor.toFixed(3)}, a perfect copy, and ${ceiling.toFixed(3)}, the mean image`,
    );
}

function fillBars(bars, units, prefix, role) {
    const parts = Array.from({ length: units }, (_, unit) => {
        const bar = document.createElement("div");
        bar.dataset.unit = unit;
        bar.append(document.createElement("i"));
        if (role) Object.assign(bar, { id: `${prefix}-${unit}` }).setAttribute("role", role);
        return bar;
    });
    bars.replaceChildren(...parts);
}

function setBars(bars, code, largest) {
    [...bars.children].forEach((bar, unit) => {
        bar.firstChild.style.height = `${Math.min(100, (100 * code[unit]) / (largest || 1))}%`;
    });
}

/** The units that are on, in words. */
function codeInWords(code) {
    const on = largestFirst(code);
    return on.length
        ? on.map((unit) => `unit ${unit}: ${code[unit].toFixed(1)}`).join(", ")
        : "no unit is on";
}

function showCode() {
    const { shown, encoded, unit, model } = state;
    const bars = element("bars");
    const largest = Math.max(...encoded.code, ...shown.code);
    setBars(bars, shown.code, largest);
    [...bars.children].forEach((bar, i) => {
        bar.setAttribute(
            "aria-label",
            `unit ${i}: ${shown.code[i] > 0 ? shown.code[i].toFixed(2) : "off"}`,
        );
        bar.setAttribute("aria-selected", i === unit);
        bar.classList.toggle("changed", state.changes.has(i));
    });
    bars.setAttribute("aria-activedescendant", `bar-${unit}`);
    element("code-said").textContent =
        `Unit 0 to ${model.units - 1}, from left to right; the highest bar is ${largest.toFixed(2)}. ` +
        "Choose a unit with a click or with the arrow keys.";
}

/** The atoms of a code as options or pictures, the strongest first; returns the units. */
function fillAtoms(list, model, code, role) {
    const strength = code.map((activation, unit) => activation * model.lengths[unit]);
    const units = largestFirst(strength);
    while (list.children.length > units.length) list.lastChild.remove();
    while (list.children.length < units.length) list.append(newAtom(role));
    units.forEach((unit, place) => {
        const [canvas, name] = list.children[place].children;
        list.children[place].dataset.unit = unit;
        if (canvas.shown !== model.atoms[unit])
            drawWeights(canvas, model.atoms[unit], model.limits.atom);
        canvas.shown = model.atoms[unit]; // drawn once, for as long as it stays in its place
        name.textContent = unit;
    });
    return units;
}

function newAtom(role) {
    const item = document.createElement("div");
    const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
    item.append(canvas, document.createElement("span"));
    if (role) item.setAttribute("role", role);
    return item;
}

function showAtoms() {
    const { shown, unit, model } = state;
    const list = element("atoms");
    const units = fillAtoms(list, model, shown.code, "option");
    list.removeAttribute("aria-activedescendant");
    units.forEach((one, place) => {
        const item = list.children[place];
        item.id = `atom-${one}`;
        item.setAttribute("aria-selected", one === unit);
        item.setAttribute(
            "aria-label",
            `unit ${one}, ${shown.code[one].toFixed(2)}, ${wordsOf(model)[one]}`,
        );
        if (one === unit) list.setAttribute("aria-activedescendant", item.id);
    });
    list.setAttribute("role", units.length ? "listbox" : "group");
}

function percent(share) {
    return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

function showUnit() {
    const { model, unit, shown, encoded, changes } = state;
    const column = columnOf(model, unit);
    const most = 1.5 * Math.max(model.largest[unit], 1);
    drawWeights(element("atom"), model.atoms[unit], model.limits.atom);
    drawWeights(element("column"), column, model.limits.column);
    element("atom").setAttribute("aria-label", `atom of unit ${unit}: ${wordsOf(model)[unit]}`);
    element("column").setAttribute(
        "aria-label",
        `encoder's column of unit ${unit}: ${inWords(column)}`,
    );
    if (document.activeElement !== element("unit")) element("unit").value = unit;
    element("unit").max = model.units - 1;
    element("amount").max = most;
    element("amount").value = shown.code[unit];
    element("amount").setAttribute("aria-valuetext", shown.code[unit].toFixed(2));
    element("amount-value").textContent = shown.code[unit].toFixed(2);
    element("off").setAttribute("aria-pressed", changes.get(unit) === 0);
    element("off").disabled = !shown.code[unit] && !changes.has(unit); // it is off already
    element("restore").disabled = !changes.size;
    element("change-said").textContent = changes.size
        ? `Changed: ${[...changes.keys()].map((one) => `unit ${one}`).join(", ")}. The BCE was ${encoded.bce.toFixed(3)} and is ${shown.bce.toFixed(3)}.`
        : `The encoder gives this unit ${encoded.code[unit].toFixed(2)} for this digit.`;
    element("unit-said").textContent =
        `Unit ${unit} of ${model.units} is on for ${percent(model.rates[unit])} of the 10,000 test images; its atom has the length ` +
        `${model.lengths[unit].toFixed(2)}. Bars: which digits these images are. Dashed: the share of each digit among all.`;
    element("unit-own").textContent = purityAndRecall(model.digits[unit]);
    showProfile();
}

/** Of the digit that lights a unit most often; `counts` has the images of each that light it. */
function purityAndRecall(counts) {
    const most = Math.max(...counts);
    if (!most) return "";
    const digit = counts.indexOf(most);
    const purity = percent(sharesOf(counts)[digit]);
    const recall = percent(most / shipped.base[digit]);
    return `Its own digit is the ${digit}: ${purity} of what lights it (purity), and it is on for ${recall} of all of them (recall).`;
}

function showProfile() {
    const counts = state.model.digits[state.unit];
    const shares = sharesOf(counts);
    const base = sharesOf(shipped.base);
    const top = Math.max(...shares, ...base);
    [...element("profile").children].forEach((part, digit) => {
        const [bar, line] = part.firstChild.children;
        bar.style.height = `${(100 * shares[digit]) / top}%`;
        line.style.bottom = `${(100 * base[digit]) / top}%`;
    });
    const words = shares.map(
        (share, digit) => `${digit}: ${percent(share)} beside ${percent(base[digit])} of all`,
    );
    element("profile").setAttribute(
        "aria-label",
        `The digits that light unit ${state.unit}. ${words.join("; ")}.`,
    );
}

function sharesOf(counts) {
    const total = counts.reduce((sum, count) => sum + count, 0) || 1;
    return counts.map((count) => count / total);
}

function makeProfile() {
    for (let digit = 0; digit < 10; digit++) {
        const part = document.createElement("div");
        part.innerHTML = `<span><i></i><b></b></span>${digit}`;
        element("profile").append(part);
    }
}

// The search: ISTA, beside the encoder.

function beginSearch() {
    const { model, image } = state;
    if (!model || !image) return;
    const code = new Float32Array(model.units);
    state.search = { code, ahead: code, objectives: [measured(model, image, code).objective] };
}

/** With momentum it is FISTA: the next step starts from where the last one was heading. */
function searchOn(steps) {
    const { model, image, search } = state;
    const momentum = element("momentum").checked;
    for (let step = 0; step < steps; step++) {
        const number = search.objectives.length;
        const next = istaStep(model, image, search.ahead);
        const further = momentum ? (number - 1) / (number + 2) : 0;
        search.ahead = next.map(
            (activation, unit) => activation + further * (activation - search.code[unit]),
        );
        search.code = next;
        search.objectives.push(measured(model, image, next).objective);
    }
    showSearch();
    say(element("search-said").textContent);
}

function showSearch() {
    const { model, image, search, encoded } = state;
    const found = measured(model, image, search.code);
    for (const [name, values] of [
        ["encoder", encoded],
        ["search", found],
    ]) {
        element(`${name}-objective`).textContent = values.objective.toFixed(4);
        element(`${name}-bce`).textContent = values.bce.toFixed(4);
        element(`${name}-l0`).textContent = values.l0;
    }
    const steps = search.objectives.length - 1;
    element("method").textContent = element("momentum").checked ? "FISTA" : "ISTA";
    const word = steps === 1 ? "step" : "steps";
    const crossing = search.objectives.findIndex((value) => value < encoded.objective);
    element("steps").textContent = steps;
    element("steps-word").textContent = word;
    element("search-said").textContent = steps
        ? `After ${steps} ${word} the code found costs ${found.objective.toFixed(4)}, ` +
          `${found.objective < encoded.objective ? "less" : "more"} than the encoder's, ${encoded.objective.toFixed(4)}.` +
          (crossing > 0 ? ` It was cheaper for the first time after step ${crossing}.` : "")
        : `The code of zeros costs ${found.objective.toFixed(4)}, the encoder's ${encoded.objective.toFixed(4)}.`;
    element("search-topk").hidden = !model.k;
    drawDigit(element("search-copy"), found.copy);
    setBars(element("search-bars"), search.code, Math.max(...encoded.code, ...search.code));
    element("search-bars").setAttribute(
        "aria-label",
        `The code found: ${codeInWords(search.code)}`,
    );
    drawCurve(search.objectives, encoded.objective);
}

function drawCurve(objectives, encoders) {
    const top = Math.max(...objectives, encoders);
    const low = Math.min(...objectives, encoders);
    const height = (value) => 95 - (90 * (value - low)) / (top - low || 1);
    const steps = Math.max(10, objectives.length - 1);
    const points = objectives.map((value, step) => `${(200 * step) / steps},${height(value)}`);
    element("search-line").setAttribute("points", points.join(" "));
    element("encoder-line").setAttribute("points", `0,${height(encoders)} 200,${height(encoders)}`);
}

// The same digit in every model.

function makeTable() {
    const rows = shipped.models.map((model) => {
        const row = document.createElement("tr");
        row.innerHTML = "<th scope=row></th><td></td><td></td>";
        row.firstChild.textContent = modelName(model);
        return row;
    });
    element("all").tBodies[0].replaceChildren(...rows);
}

function showAllModels() {
    [...element("all").tBodies[0].rows].forEach((row, number) => {
        const model = modelOf(number);
        const { l0, bce } = measured(model, state.image, encode(model, state.image));
        row.cells[1].textContent = l0;
        row.cells[2].textContent = bce.toFixed(3);
        if (number === state.model.number) row.setAttribute("aria-current", "true");
        else row.removeAttribute("aria-current");
    });
}

// The game.

const game = { model: null, left: [], asks: null, rounds: 0, right: { code: 0, atoms: 0 } };

function newRound() {
    if (!game.left.length) game.left = [...shipped.labels.keys()].slice(shipped.pick);
    const [number] = game.left.splice(Math.floor(Math.random() * game.left.length), 1);
    Object.assign(game, { model: state.model, number, asks: "code" });
    if (!game.rounds) element("score").textContent = "";
    const code = encode(game.model, testImage(game.number));
    fillBars(element("game-bars"), game.model.units);
    setBars(element("game-bars"), code, Math.max(...code));
    element("game-bars").setAttribute("aria-label", `The code: ${codeInWords(code)}`);
    element("game-atoms").hidden = true;
    element("answer").hidden = true;
    element("round").hidden = false;
    ask(`${modelName(game.model)}. Which digit has this code?`);
}

function ask(text) {
    for (const button of element("answers").children) button.disabled = game.asks === null;
    element("asked").textContent = text;
    element("asked").focus({ preventScroll: true });
}

function guess(digit) {
    const right = digit === shipped.labels[game.number];
    game.right[game.asks] += right;
    if (game.asks === "code") {
        game.asks = "atoms";
        showGameAtoms();
        ask(`You say ${digit}. And now, with the atoms that it lights, the strongest first?`);
    } else {
        game.asks = null;
        game.rounds += 1;
        revealDigit();
        ask(`You say ${digit}: ${right ? "right" : "wrong"}.`);
        const { code, atoms } = game.right;
        element("score").textContent =
            `Right from the code alone: ${code} of ${game.rounds}. From the atoms: ${atoms} of ${game.rounds}.`;
        say(
            `${element("asked").textContent} ${element("game-name").textContent} ${element("score").textContent}`,
        );
    }
}

function showGameAtoms() {
    const code = encode(game.model, testImage(game.number));
    const units = fillAtoms(element("game-atoms"), game.model, code);
    const words = units.map((unit) => `unit ${unit}, ${wordsOf(game.model)[unit]}`);
    element("game-atoms").setAttribute("aria-label", `The atoms: ${words.join("; ")}`);
    element("game-atoms").hidden = false;
}

function revealDigit() {
    const label = shipped.labels[game.number];
    drawDigit(element("game-image"), testImage(game.number));
    element("game-image").setAttribute("aria-label", withArticle(label));
    element("game-name").textContent = `It is ${withArticle(label)}.`;
    element("answer").hidden = false;
}

// The controls.

/** Arrow keys, Home, End and clicks choose one of the parts of a list, each a unit. */
function makeListbox(list) {
    list.addEventListener("click", (event) => {
        const part = event.target.closest("[data-unit]");
        if (part) setUnit(Number(part.dataset.unit));
    });
    list.addEventListener("keydown", (event) => {
        const units = [...list.children].map((part) => Number(part.dataset.unit));
        const here = units.indexOf(state.unit);
        const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
        let next = here + (steps[event.key] || 0);
        if (event.key === "Home") next = 0;
        else if (event.key === "End") next = units.length - 1;
        else if (!steps[event.key]) return;
        event.preventDefault();
        if (units.length) setUnit(units[Math.min(units.length - 1, Math.max(0, next))]);
    });
}

function nameOf(number) {
    return `${withArticle(shipped.labels[number])}, test image ${shipped.numbers[number]}`;
}

function withArticle(digit) {
    return digit === 8 ? "an 8" : `a ${digit}`;
}

function makeDigits(pad) {
    shipped.labels.slice(0, shipped.pick).forEach((_, number) => {
        const choice = document.createElement("label");
        choice.innerHTML = `<input type="radio" name="digit" value="${number}" autocomplete="off"><canvas width="${SIDE}" height="${SIDE}" aria-hidden="true"></canvas>`;
        const name = nameOf(number);
        choice.firstChild.setAttribute("aria-label", name);
        choice.firstChild.addEventListener("change", () => {
            pad.clear();
            setImage(testImage(number), name);
        });
        drawDigit(choice.lastChild, testImage(number));
        element("digits").append(choice);
    });
}

function numbersOf(group) {
    return [...shipped.models.keys()].filter((number) => shipped.models[number].group === group);
}

function makeGroups() {
    for (const [group, name] of Object.entries(shipped.groups)) {
        const choice = document.createElement("label");
        choice.innerHTML = `<input type="radio" name="group" value="${group}" autocomplete="off"><span></span>`;
        choice.lastChild.textContent = name;
        choice.firstChild.addEventListener("change", () => setGroup(group));
        element("groups").append(choice);
    }
    element("dial").addEventListener("input", () => turnDial(Number(element("dial").value)));
}

const SAID = {
    lesson: "L1 on the code, and atoms of any length: a small activation with a long atom costs little, so hardly a unit is switched off.",
    plain: "Nothing asks for zeros.",
    unit: "L1 on the code. λ is the price of an activation: a larger one leaves fewer units on and a worse copy, on average over many digits.",
    topk: "No price: the k largest activations stay, the others become zero.",
    wide: "Four times as many units to choose from, at the same price.",
};

function setGroup(group) {
    const numbers = numbersOf(group);
    element("dial").max = numbers.length - 1;
    element("dial").dataset.group = group;
    element("dial").disabled = numbers.length === 1;
    element("dial-said").hidden = numbers.length === 1;
    element("model-said").textContent = SAID[group];
    turnDial(Math.floor((numbers.length - 1) / 2));
}

function turnDial(place) {
    const number = numbersOf(element("dial").dataset.group)[place];
    const { setting } = shipped.models[number];
    element("dial").value = place;
    element("dial").setAttribute("aria-valuetext", setting);
    element("dial-value").textContent = setting;
    setModel(number);
}

function makeUnitControls() {
    const { unit, amount, off, restore } = Object.fromEntries(
        ["unit", "amount", "off", "restore"].map((id) => [id, element(id)]),
    );
    unit.addEventListener(
        "input",
        () => unit.value !== "" && setUnit(Math.round(Number(unit.value))),
    );
    unit.addEventListener("blur", () => (unit.value = state.unit));
    amount.addEventListener("input", () => setActivation(Number(amount.value)));
    off.addEventListener("click", () => {
        if (state.changes.get(state.unit) === 0) state.changes.delete(state.unit);
        else state.changes.set(state.unit, 0);
        update();
    });
    restore.addEventListener("click", () => {
        state.changes.clear();
        update();
    });
}

function makeSearchControls() {
    element("step-1").addEventListener("click", () => searchOn(1));
    element("step-10").addEventListener("click", () => searchOn(10));
    for (const [id, event] of [
        ["search-again", "click"],
        ["momentum", "change"],
    ]) {
        element(id).addEventListener(event, () => {
            beginSearch();
            searchOn(0);
        });
    }
}

function makeGame() {
    for (let digit = 0; digit < 10; digit++) {
        const button = Object.assign(document.createElement("button"), {
            type: "button",
            textContent: digit,
        });
        button.addEventListener("click", () => guess(digit));
        element("answers").append(button);
    }
    element("new-round").addEventListener("click", newRound);
}

function begin() {
    const pad = makePad(element("pad"), element("pen"), (ink) => {
        for (const choice of document.getElementsByName("digit")) choice.checked = false;
        const image = asMnist(ink, PAD);
        setImage(image, image.some((pixel) => pixel > 0) ? "your digit" : "an empty page");
    });
    makeDigits(pad);
    makeGroups();
    makeProfile();
    makeTable();
    makeUnitControls();
    makeSearchControls();
    makeGame();
    makeListbox(element("bars"));
    makeListbox(element("atoms"));
    element("clear").addEventListener("click", pad.empty);
    state.model = modelOf(0);
    document.getElementsByName("digit")[7].checked = true;
    state.image = testImage(7);
    state.name = nameOf(7);
    document.querySelector('[name="group"][value="unit"]').checked = true;
    setGroup("unit");
    element("page").hidden = false;
    element("problem").hidden = true;
}

if (
    document.createElement("canvas").getContext &&
    document.createElement("canvas").getContext("2d")
) {
    begin();
} else {
    element("problem").textContent =
        "This browser has no canvas to draw on: open the page in a current Firefox, Chrome, Edge or Safari.";
}
