"use strict";

// What is shipped: models, test digits, the mean image. Arrays are base64 of float16 or uint8.

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const EPSILON = 1e-7; // Keras's: probabilities stay this far from 0 and 1
const shipped = JSON.parse(element("shipped").textContent);
const decoded = [];

function element(id) {
    return document.getElementById(id);
}

function bytesOf(base64) {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function halfToNumber(bits) {
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    const size = exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24;
    return bits & 32768 ? -size : size;
}

function floatsOf(base64) {
    const view = new DataView(bytesOf(base64).buffer);
    const floats = new Float32Array(view.byteLength / 2);
    return floats.map((_, i) => halfToNumber(view.getUint16(2 * i, true)));
}

/** Model `number` with its weights: W (784, units), b, V (units, 784), c, row by row. */
function modelOf(number) {
    if (!decoded[number]) {
        const model = { ...shipped.models[number], number };
        const { units } = model;
        const weights = floatsOf(model.weights);
        let start = 0;
        for (const [name, size] of [
            ["W", PIXELS * units],
            ["b", units],
            ["V", units * PIXELS],
            ["c", PIXELS],
        ]) {
            model[name] = weights.subarray(start, (start += size));
        }
        model.atoms = Array.from({ length: units }, (_, unit) => atomOf(model, unit));
        model.lengths = model.atoms.map(lengthOf);
        decoded[number] = model;
    }
    return decoded[number];
}

function atomOf(model, unit) {
    return model.V.subarray(unit * PIXELS, (unit + 1) * PIXELS);
}

function lengthOf(weights) {
    return Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
}

function columnOf(model, unit) {
    return Float32Array.from({ length: PIXELS }, (_, pixel) => model.W[pixel * model.units + unit]);
}

function testImage(number) {
    return Float32Array.from(
        images.subarray(number * PIXELS, (number + 1) * PIXELS),
        (pixel) => pixel / 255,
    );
}

const images = bytesOf(shipped.images);
const meanImage = floatsOf(shipped.mean);

// The model, in float32: an image becomes a code, and a code an image.

function encode(model, image) {
    const code = Float32Array.from(model.b);
    for (let pixel = 0; pixel < PIXELS; pixel++) {
        if (image[pixel] === 0) continue;
        const row = pixel * model.units;
        for (let unit = 0; unit < model.units; unit++)
            code[unit] += image[pixel] * model.W[row + unit];
    }
    return sparse(model, code);
}

/** No activation below 0, and of a TopK model the k largest alone. */
function sparse(model, code) {
    const positive = code.map((activation) => Math.max(0, activation));
    if (!model.k) return positive;
    const kept = new Float32Array(positive.length);
    for (const unit of largestFirst(positive).slice(0, model.k)) kept[unit] = positive[unit];
    return kept;
}

/** The numbers of the values above 0, the largest first; of equal ones the earlier. */
function largestFirst(values) {
    return [...values.keys()]
        .filter((i) => values[i] > 0)
        .sort((i, j) => values[j] - values[i] || i - j);
}

function decode(model, code) {
    const sums = Float32Array.from(model.c);
    code.forEach((activation, unit) => {
        if (activation === 0) return;
        const atom = model.atoms[unit];
        for (let pixel = 0; pixel < PIXELS; pixel++) sums[pixel] += activation * atom[pixel];
    });
    return sums.map((sum) => 1 / (1 + Math.exp(-sum)));
}

/** Binary cross-entropy, the mean over the pixels, in nats. */
function bceOf(image, copy) {
    const low = Math.fround(EPSILON);
    const high = Math.fround(1 - EPSILON);
    let sum = 0;
    for (let pixel = 0; pixel < PIXELS; pixel++) {
        const p = Math.min(high, Math.max(low, copy[pixel]));
        sum -= image[pixel] * Math.log(p) + (1 - image[pixel]) * Math.log(1 - p);
    }
    return sum / PIXELS;
}

function l0Of(code) {
    return code.reduce((count, activation) => count + (activation > 0), 0);
}

function measured(model, image, code) {
    const copy = decode(model, code);
    const bce = bceOf(image, copy);
    const sum = code.reduce((total, activation) => total + activation, 0);
    return { code, copy, bce, l0: l0Of(code), objective: bce + model.l1 * sum };
}

/** One step of ISTA: down the slope of the BCE, λ taken off, then what `sparse` leaves. */
function istaStep(model, image, code) {
    const step = (4 * PIXELS) / model.norm ** 2; // a sigmoid bends by a quarter at most
    const copy = decode(model, code);
    const next = code.map((activation, unit) => {
        const atom = model.atoms[unit];
        let slope = 0;
        for (let pixel = 0; pixel < PIXELS; pixel++)
            slope += (copy[pixel] - image[pixel]) * atom[pixel];
        return activation - step * (slope / PIXELS + model.l1);
    });
    return sparse(model, next);
}

// Drawing: what is drawn becomes an image as MNIST's were made.

const BOX = 20;

/**
 * Ink of any size, true or false (side × side), as an image of 28 × 28: scaled to a box of 20 × 20,
 * each pixel the share of it that is ink, and moved so that the centre of mass is in the middle.
 */
function asMnist(ink, side) {
    const box = boxOf(ink, side);
    if (!box) return new Float32Array(PIXELS);
    const scale = BOX / Math.max(box.width, box.height);
    const width = Math.max(1, Math.round(box.width * scale));
    const height = Math.max(1, Math.round(box.height * scale));
    const small = shrunk(ink, side, box, width, height);
    let [mass, x, y] = [0, 0, 0];
    small.forEach((value, i) => {
        mass += value;
        x += value * (i % width);
        y += value * Math.floor(i / width);
    });
    return placed(small, width, Math.ceil(13.5 - x / mass), Math.ceil(13.5 - y / mass));
}

function boxOf(ink, side) {
    let [left, top, right, bottom] = [side, side, -1, -1];
    for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
            if (!ink[y * side + x]) continue;
            if (x < left) left = x;
            if (x > right) right = x;
            if (y < top) top = y;
            bottom = y;
        }
    }
    return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The share of ink in each of width × height equal parts of the box. */
function shrunk(ink, side, box, width, height) {
    const across = shares(box.width, width);
    const down = shares(box.height, height);
    const small = new Float32Array(width * height);
    for (let row = 0; row < box.height; row++) {
        for (let column = 0; column < box.width; column++) {
            if (!ink[(box.top + row) * side + box.left + column]) continue;
            for (const [y, tall] of down[row]) {
                for (const [x, wide] of across[column]) small[y * width + x] += tall * wide;
            }
        }
    }
    return small;
}

/** For each of `from` cells the cells of `to` that it lies in, and the share of them it fills. */
function shares(from, to) {
    return Array.from({ length: from }, (_, cell) => {
        const start = (cell * to) / from;
        const end = ((cell + 1) * to) / from;
        const parts = [];
        for (let target = Math.floor(start); target < Math.min(to, Math.ceil(end)); target++) {
            parts.push([target, Math.min(end, target + 1) - Math.max(start, target)]);
        }
        return parts;
    });
}

function placed(small, width, left, top) {
    const image = new Float32Array(PIXELS);
    small.forEach((value, i) => {
        const x = left + (i % width);
        const y = top + Math.floor(i / width);
        if (x >= 0 && x < SIDE && y >= 0 && y < SIDE) image[y * SIDE + x] = Math.min(1, value);
    });
    return image;
}
