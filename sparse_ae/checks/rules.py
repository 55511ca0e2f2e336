"""The usual slips of numerical code, as data: what may stand where something else belongs.

A line without indent is a pattern: x, y and z stand for any expression, k and n for a number. Below
it stands what may be there instead, and what to say then: {k} is the noun of the axis that is
worked along, {j} that of the other, {x} and {y} are parts by name. `slips.read_rules` reads it.
The words speak of axes by noun; what a right answer looks like they do not show.
"""

NUMBERS = {
    "n": (28, 32, 100, 128, 256, 784, 1000, 10_000, 60_000, 784 * 32),
    "d": (0.5, 0.2, 0.1, 0.05, 0.01, 5e-3, 1e-3, 1e-4, 1e-5, 1e-6, 2**-23, 1e-8, 1e-9, 1e-12, 1e-15),
}
WRITTEN_IN = (1, 0.5, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 10, 100)

# These are also tried two at a time.
COMMON = """
np.sum(x, axis=k):
    np.mean(x, axis=k)  # the mean over the {k}s: add them up
    np.sum(x, axis=1 - k)  # along the wrong axis: add up the {k}s of each {j}
    np.sum(x)  # one number for all {j}s: one for each {j} is wanted
    x  # one number for each {k}: add them up
np.mean(x, axis=k):
    np.sum(x, axis=k)  # summed over the {k}s: take their mean
    np.mean(x, axis=1 - k)  # along the wrong axis: the mean is over the {k}s of each {j}
    np.mean(x)  # one number for all {j}s: one for each {j} is wanted
    x  # one number for each {k}: take the mean over them
np.sum(x):
    np.mean(x)  # this is a mean: add up instead
    x  # one number for each {k}: add them up
np.mean(x):
    np.sum(x)  # summed over the {k}s: take their mean
    x  # one number for each {k}: take their mean
np.any(x, axis=k):
    np.all(x, axis=k)  # `all` is true if each {k} has it: one is enough here
    np.any(x, axis=1 - k)  # along the wrong axis: ask the {k}s of each {j}
    np.any(x)  # one answer for all {j}s: one for each {j} is wanted
    x  # one answer for each {k}: `any` asks all of them
np.argmax(x, axis=k):
    np.argmin(x, axis=k)  # the smallest is looked for: the largest is wanted
    np.max(x, axis=k)  # the largest values are taken: their places are wanted
    np.argmax(x, axis=1 - k)  # along the wrong axis: look at the {k}s of each {j}
    np.argmax(x)  # `argmax` without `axis` looks through everything at once: look at each {j}
np.abs(x):
    x  # the signs cancel: take magnitudes
    x**2  # these are squares: L1 takes magnitudes
    np.maximum(x, 0)  # the negative ones are left out: their magnitude counts, too
np.log(x):
    np.log2(x)  # the logarithm has the base 2: the natural one is wanted
    x  # a logarithm is missing
np.exp(x):
    x  # the exponential is missing
    np.exp(-x)  # the sign in the exponent is wrong
np.maximum(0, x):
    x  # the ReLU is missing: what is negative should become 0
    np.minimum(0, x)  # the smaller of 0 and the sum: the ReLU takes the larger
    np.abs(x)  # negative sums became positive: the ReLU makes them zero
np.clip(x, y, z):
    x  # nothing is cut off: keep the values a little away from both ends, as the task says
x + y:
    x - y  # {y} is subtracted: add it
    x  # {y} is missing: add it
    y  # {x} is missing: add it
    x * y  # multiplied with {y}: add it
x - y:
    y - x  # the sign is wrong: look at the order of a difference
    x + y  # {y} is added: subtract it
    x  # {y} is not subtracted
    y  # {y} itself stands where a difference belongs
x * y:
    x  # {y} is missing: multiply by it
    y  # {x} is missing: multiply by it
    x + y  # {y} is added: multiply by it
x / y:
    x  # not divided by {y}
    y / x  # the fraction is upside down
    x * y  # multiplied by {y}: divide by it
x > 0:
    x != 0  # counted `!= 0`: what is negative is not above zero
    x >= 0  # counted `>= 0`: what is exactly zero is not above it
    x <= 0  # the others are taken: those above zero are wanted
    x == 0  # the exact zeros are taken: those above zero are wanted
    x  # not compared with 0: ask what is above zero
x < y:
    x <= y  # an equal one counts as smaller: it is not
    x > y  # larger is taken for smaller: look at the comparison
x == y:
    x != y  # True and False are swapped
    x - y  # a difference: say whether they are equal
-x:
    x  # a sign is wrong: look for a minus
~x:
    x  # True and False are swapped
"""

RARE = """
np.sum(x, axis=k):
    np.any(x, axis=k)  # whether there is any: add them up
    np.max(x, axis=k)  # the largest of the {k}s alone: add up all of them
    np.argmax(x, axis=k)  # the number of the largest {k}: add them up
    np.all(x, axis=k)  # whether all are: add them up
    np.std(x, axis=k) ; np.median(x, axis=k)  # the spread or the median: add up the {k}s
    np.sum(x[:, 1:], axis=k) ; np.sum(x[:, :-1], axis=k)  # the first or the last {k} is left out:
        # where do the loop and its numbers begin and end?
    np.sum(x[1:], axis=k) ; np.sum(x[:-1], axis=k)  # the first or the last is left out:
        # where do the loop and its numbers begin and end?
    np.sum(x[:, :{n}], axis=k)  # {n} {k}s are written in: take as many as the array has
    np.sum(x, axis=k) / {n}  # divided by {n}, which is written in: add up
    np.cumsum(np.sum(x, axis=k))  # the sum goes on from {j} to {j}: start from 0 for each
    np.abs(np.sum(x, axis=k))  # the magnitude is taken of the sum: take it of each {k}
    np.shape(x)[k] + np.zeros(np.shape(np.sum(x, axis=k)), int)  # all {k}s are counted
    np.bincount(np.nonzero(x)[1 - k])  # `bincount` leaves out what comes at the end and has none
    np.argmax(x.cumsum(axis=k), axis=k)  # the place of the last one: add them up
    x.take(0, axis=k) ; x.take(-1, axis=k)  # only the first or the last {k}: add up all of them
np.mean(x, axis=k):
    np.mean(x, axis=1 - k) * np.shape(x)[1 - k]  # summed, and along the wrong axis: take the mean
        # over the {k}s of each {j}
    np.sum(x)  # summed over everything: one mean for each {j} is wanted
    np.sum(x) + np.zeros(np.shape(np.sum(x, axis=k)))  # one sum for all {j}s: each has its own
    np.median(x, axis=k)  # the median over the {k}s: take their mean
    np.std(x, axis=k)  # the spread of the {k}s: take their mean
    np.any(x, axis=k)  # whether there is any: say which share
    np.max(x, axis=k)  # the largest of the {k}s alone: take their mean
    x.take(0, axis=k)  # only the first {k}: is `return` inside the loop?
    x.take(-1, axis=k)  # only the last {k}: does each overwrite the one before?
    np.mean(x[:, 1:], axis=k) ; np.mean(x[:, :-1], axis=k) ; np.sum(x[:, 1:], axis=k) / np.shape(x)[k] ; np.sum(x[:, :-1], axis=k) / np.shape(x)[k] ; np.mean(x[1:], axis=k) ; np.mean(x[:-1], axis=k)  # the first or the last is left out:
        # where do the loop and its numbers begin and end?
    np.mean(x[:{n}], axis=k) ; np.mean(x[:{5|10|20|40}], axis=k)  # only a part of the {k}s: take all
    np.sum(x, axis=k) / {n}  # divided by {n}, which is written in: take the number from the array
    np.sum(x, axis=k) / np.shape(x)[1 - k]  # divided by the number of {j}s: divide by that of the
        # {k}s
    np.sum(x, axis=k) / np.size(x)  # divided by the number of all entries: divide by that of the
        # {k}s
    np.sum(x, axis=k) / (np.shape(x)[k] - 1)  # divided by one {k} less: divide by how many there are
    np.sum(x, axis=k) // np.shape(x)[k]  # whole numbers only: the fraction is lost
    np.sum(x, axis=k, dtype='{uint8|int8}') / np.shape(x)[k]  # the counts overflow: their integers
        # have too few bits
    np.sum(x, axis=k) / np.max(np.sum(x, axis=k))  # divided by the largest: divide by the number
        # of {k}s
    np.sum(x, axis=k) / np.sum(x)  # divided by the sum of all: divide by the number of {k}s
np.mean(np.sum(x, axis=1)):
    np.mean(x, axis=1).sum()  # the axes are exchanged: sum over the {k}s, mean over the {j}s
    np.sum(x)  # summed over the {j}s, too: take their mean
    np.mean(x)  # the mean is over the {k}s, too: sum over them, mean over the {j}s
    np.mean(x, axis=0) ; np.sum(x, axis=0)  # one number for each {k}: one for all is wanted
    np.sum(x, axis=1)  # one number for each {j}: take the mean over them
    np.sum(x[0])  # only the first {j}: is `return` inside the loop?
    np.sum(x[-1]) ; np.sum(x[-1]) / len(x)  # only the last {j}: does the sum begin anew for each?
    np.sum(x) / np.count_nonzero(x.any(axis=1))  # {j}s of zeros are left out: they belong to the mean
    np.mean(np.sum(np.unique(x, axis=0), axis=1))  # equal {j}s are counted once: each counts
    np.sum(x) / (len(x) - 1)  # divided by one {j} less: divide by how many there are
    np.sum(x) / len(x) ** 2  # divided by the number of {j}s twice: one mean is enough
    np.sum(x) * len(x)  # multiplied by the number of {j}s: take the mean over them
    np.sum(x) / {n}  # divided by {n}, which is written in: take the number from the array
    np.max(np.sum(x, axis=1))  # the largest {j} alone: take the mean over the {j}s
    np.median(np.sum(x, axis=1)) ; np.std(np.sum(x, axis=1))  # the median or the spread over the {j}s:
        # take their mean
    np.mean(np.max(x, axis=1))  # the largest {k} of each {j} alone: add up all of them
    np.mean(x[x != 0])  # the mean over those that are not zero: sum over the {k}s of each {j}
    np.mean(x[:{n}].sum(axis=1))  # {n} {j}s are written in: take all of them
    x  # one number for each {k} of each {j}: a sum and a mean are missing
np.sum(x):
    np.sum(x, axis=0)  # one number for each {k}: add up everything
    np.sum(x, axis=1)  # one number for each {j}: add up everything
    np.mean(np.sum(x, axis=1))  # the mean over the {j}s: add up everything
    np.mean(np.sum(x, axis=0))  # the mean over the {k}s: add up everything
    np.sum(x) * len(x)  # multiplied by the number of {j}s
    np.max(np.sum(x, axis=0)) ; np.max(np.sum(x, axis=1))  # the largest {k} or {j} alone: a norm of a
        # matrix is something else
    np.max(x)  # the largest one alone: add them up
    np.median(x) ; np.std(x)  # the median or the spread: add up
    np.sum(x[0]) ; np.sum(x[-1])  # only one {j}: is `return` inside the loop, or does the sum begin
        # anew for each?
    np.ravel(x)[-1] ; np.ravel(x)[0]  # only one {k} of one {j}: does the sum begin anew for each?
    np.sum(x[1:]) ; np.sum(x[:-1]) ; np.sum(x[:, 1:]) ; np.sum(x[:, :-1])  # the first or the last is
        # left out: where do the loop and its numbers begin and end?
    np.sum(x) / {n}  # divided by {n}, which is written in
    np.trace(x)  # only the diagonal: each {k} of each {j} counts
np.sum(np.abs(x)):
    np.sqrt(np.sum(x**2))  # this is a length, an L2 norm: L1 adds up magnitudes
    np.sum(np.sqrt(np.sum(x**2, axis=1))) ; np.sum(np.sqrt(np.sum(x**2, axis=0)))  # these are lengths,
        # L2 norms: L1 adds up magnitudes
    np.abs(np.sum(x)) ; np.sum(np.abs(np.sum(x, axis=0))) ; np.sum(np.abs(np.sum(x, axis=1))) ; np.sum(np.abs(np.mean(x, axis=0)))  # the
        # magnitude is taken of a sum or a mean: take it of each
np.mean(np.sum(np.abs(x), axis=1)):
    np.mean(np.sqrt(np.sum(x**2, axis=1)))  # this is the length of each {j}, an L2 norm: L1 adds up
        # magnitudes
    np.sqrt(np.sum(x**2))  # the length of all together, an L2 norm: L1 adds up magnitudes
    np.mean(np.abs(np.sum(x, axis=1))) ; np.sum(np.abs(np.mean(x, axis=0))) ; np.abs(np.mean(np.sum(x, axis=1)))  # the magnitude is taken of
        # a sum or a mean: take it of each {k}
    np.std(x) ; np.std(np.abs(x).sum(axis=1))  # this is a spread: add up magnitudes
    np.mean(x[x > 0])  # the mean over those above zero: sum over the {k}s of each {j}
np.abs(x):
    -np.minimum(x, 0)  # the positive ones are left out: their magnitude counts, too
    (x > 0) * 1.0 ; (x != 0) * 1.0  # these are counted: add up their magnitudes
    np.sqrt(np.abs(x)) ; np.sqrt(np.abs(x) + 1e-6)  # the roots of the magnitudes: take the magnitudes
    np.abs(x)**3  # the third power of the magnitudes: take the magnitudes
np.log(x):
    np.log10(x)  # the logarithm has the base 10: the natural one is wanted
    np.log1p(x)  # `log1p` adds 1 before: the logarithm of the number itself is wanted
np.exp(x):
    2**x ; 10**x  # another base than e in the exponential
1 / (1 + np.exp(-x)):
    x  # the sigmoid is missing: the answer should lie between 0 and 1
    np.maximum(0, x)  # a ReLU where the sigmoid belongs
    1 / (1 + np.exp(-np.maximum(0, x)))  # there is a ReLU before the sigmoid: leave it out
    np.tanh(x)  # tanh where the sigmoid belongs
    np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)  # softmax where the sigmoid belongs: each
        # number is decided by itself
    np.clip(x, 0, 1)  # the sum is cut off at 0 and 1: the sigmoid bends it smoothly
    1 / 1 + np.exp(-x)  # the brackets of the fraction are missing
    1 / (1 - np.exp(-x))  # a minus in the denominator: look at the formula of the sigmoid
    np.exp(-x) ; np.exp(x) ; 1 + np.exp(-x)  # this is a part of the sigmoid: look at its formula
    1 / np.exp(-x)  # the 1 in the denominator of the sigmoid is missing
    1 / (1 + np.exp(-1 / (1 + np.exp(-x))))  # the sigmoid is applied twice
    1 / (1 + np.exp(-x)) * (1 - 1 / (1 + np.exp(-x)))  # this is the slope of the sigmoid
    1 / (1 + 2.718**-x)  # e is written in with too few digits
1 / (1 + np.exp(-(x + y))):
    1 / (1 + np.exp(-x)) + y  # {y} is added after the sigmoid: add it before
    1 / (1 + np.exp(-x) + y)  # {y} stands outside the exponent
    1 / (1 + np.exp(-x + y))  # {y} is subtracted: the minus belongs to the whole sum
np.maximum(0, x):
    (x > 0) * 1.0  # True or False: the ReLU keeps the sum where it is positive
    np.clip(x, 0, 1) ; np.minimum(1, x)  # cut off at 1: the ReLU has no upper end
    1 / (1 + np.exp(-x)) ; 1 / (1 + np.exp(-np.maximum(0, x)))  # a sigmoid where only a ReLU belongs
    np.tanh(x) ; np.tanh(np.maximum(0, x))  # tanh where the ReLU belongs
    x**2  # squares: the ReLU leaves positive ones as they are
    np.where(x > 0, x, {0.01|0.1|0.2} * x)  # negative sums keep a small part, a leaky ReLU: make them
        # zero
    np.log(1 + np.exp(x)) ; np.where(x > 0, x, np.exp(x) - 1)  # a smooth function where the ReLU
        # belongs: its answer is exactly 0 for negative sums
    np.maximum(1, x)  # compared with 1: the ReLU compares with 0
    np.max(x) ; np.max(x, axis=0) ; np.max(x, axis=1) ; np.max(x, axis=1, keepdims=True)  # `np.max` takes
        # the largest of an array, `np.maximum` compares each entry with 0
    np.maximum(0, x) / np.maximum(0, x).max(axis=1, keepdims=True)  # divided by the largest of each
        # {j}: leave the scale as it is
np.maximum(0, x @ y + z):
    x @ np.maximum(0, y) + z  # the ReLU is on {y}: it belongs around the whole sum
    np.maximum(0, x) @ y + z  # the ReLU is on {x}: it belongs around the whole sum
np.maximum(0, x + y):
    np.maximum(0, x) + y  # {y} is added after the ReLU: add it before
    np.maximum(x, y)  # the larger of the sum and {y}: add {y}, and compare with 0
    np.maximum(0, x) + np.maximum(0, y)  # two ReLUs: one, around the whole sum
np.clip(x, y, z):
    np.maximum(x, y)  # only the lower end is cut off: the upper one is needed, too
    np.minimum(x, z)  # only the upper end is cut off: the lower one is needed, too
    np.clip(x, z, y)  # the two ends of the cutting are exchanged: all became the same
    np.clip(x, {d}, 1 - {d})  # cut off {d} away from both ends: the task says another distance
    np.clip(x, y, 1 - {d})  # cut off {d} below the upper end: the task says another distance
    np.clip(x, {d}, z)  # cut off {d} above the lower end: the task says another distance
    np.clip(x, 0, z) ; np.clip(x, y, 1)  # only one end is kept away: there are two
np.flatnonzero(x):
    x  # True or False for each: return the numbers of the True ones
    ~x  # True or False for each, and swapped: return the numbers of the True ones
    np.where(x)  # an array inside a tuple or a list: take its first entry
    np.argwhere(x)  # a column: make it flat
    np.sum(x)  # how many they are: say which ones
    np.flatnonzero(x)[:1]  # only the first of them: return all
    np.flatnonzero(x)[-1:]  # only the last of them: return all
    np.argmax(x) ; np.flatnonzero(x)[0]  # one only: return all of them, in an array
    np.any(x)  # whether there is any: say which ones
    np.mean(x)  # which share they are: say which ones
    np.where(x, np.arange(len(x)), 0) ; np.where(x, np.arange(len(x)), -1)  # a number for each, and
        # something else for the others: leave the others out
np.any(x, axis=k):
    x.take(0, axis=k)  # only the first {k} is looked at: ask all of them
    x.take(-1, axis=k)  # only the last {k} is looked at: ask all of them
    np.any(x[:{n}], axis=k) ; np.any(x[:{5|10|20}], axis=k)  # only a part of the {k}s is looked at
    np.mean(x, axis=k) >= {d}  # a share below {d} counts as none: only exactly none is none
    np.mean(x, axis=k).round({1|2}) != 0  # a share is rounded before it is compared with 0
    np.sum(x, axis=k) > 1  # at most one counts as none
    np.sum(x, axis=k, dtype='uint8') != 0  # the counts overflow: their integers have too few bits
    np.mean(x, axis=k)  # a share for each {j}: ask whether there is any
np.any(x > 0, axis=k):
    np.sum(x, axis=k) > 0 ; np.mean(x, axis=k) > 0  # negative ones hide positive ones in a sum or a
        # mean: ask each {k}
    np.sum(x, axis=k) != 0 ; np.max(x, axis=k) != 0  # a sum or a largest one that is not exactly zero:
        # before the ReLU there are negative ones, too; ask what is above zero
    np.abs(x).sum(axis=k) > 0  # negative ones count as on: only those above zero are
x > 0:
    x < 0  # the negative ones are taken: those above zero are wanted
    x > {d} ; x > {1|1e-7}  # only those above {} are taken: any that is above zero counts
    np.abs(x) > {d}  # only magnitudes above {d} are taken: any that is above zero counts
    x > np.mean(x) ; x > np.mean(x, axis=1, keepdims=True) ; x > np.mean(x, axis=0)  # compared with a
        # mean: compare with 0
    x.astype(int) > 0 ; np.round(x) > 0  # made whole numbers first: any that is above zero counts
    np.round(x, {1|2|3}) > 0  # rounded first: any that is above zero counts
    np.sign(x)  # the signs are taken: ask what is above zero
    np.maximum(x, 0)  # how large they are is taken: ask only what is above zero
    np.abs(x)  # the magnitudes are taken: ask what is above zero
    x == x  # all are taken, above zero or not: `len` counts False, too
    x == 1  # only those that are exactly 1: any that is above zero counts
x @ y:
    x.sum(axis=0) @ y  # one for all together: one for each is wanted
    x.mean(axis=0) @ y  # the mean of all goes in: one for each is wanted
    x[0] @ y ; x[:1] @ y  # only the first goes in: one for each is wanted
    x @ y / np.shape(x)[1] ; x @ y / len(x)  # the sum of the products is divided: it is no mean
    x @ np.maximum(0, y)  # the ReLU is on {y}: it belongs around the whole sum
    np.maximum(0, x) @ y  # a ReLU on {x}: it is taken as it is
    (1 - x) @ y  # black and white are swapped: take {x} as it is
    x / 255 @ y ; x * 255 @ y  # {x} is scaled once more
    x @ np.abs(y)  # the signs of {y} are lost
    (x > 0) @ y  # only whether {x} is above zero goes in: how far above counts, too
x @ y + z:
    x @ (y + z)  # {z} is added to {y}: add it to the sum
    x @ y * z  # multiplied with {z}: add it
    (x + z) @ y  # {z} is added to {x}: add it to the sum
x + y:
    x + 2 * y  # {y} is added twice
    x + np.mean(y) ; x + np.sum(y) ; x + np.ravel(y)[0] ; x + np.max(y)  # one {y} for all: each has its own
x * y:
    x / y  # divided by {y}: multiply by it
    y / x  # divided by {x}: multiply by it
    x * x * y ; x * y * y  # a factor is used twice
    x - y  # {y} is subtracted: multiply by it
x / y:
    x // y  # whole numbers only: the fraction is lost
    x - y  # {y} is subtracted: divide by it
    x / y / y  # divided by {y} twice
    x % y  # this is what is left over by a division: divide
    x / abs(y)  # divided by a magnitude: the sign counts
x / n:
    x / (n + 1) ; x / (n - 1) ; x / 2 / n ; x / 10 / n ; x * 10 / n ; x * 2 / n  # divided by another
        # number than it should be
    x / np.max(x)  # divided by the largest one here: the scale must be the same for all
    x / np.max(x, axis=1, keepdims=True) ; x / np.maximum(np.max(x, axis=1, keepdims=True), 1)  # each {j} is divided by its own largest:
        # the scale must be the same for all
    1 - x / n  # turned upside down: 0 stays 0
    x / n * 2 - 1  # from -1 to 1, and it should begin with 0
    (x - np.mean(x)) / np.std(x)  # mean and spread are taken out: only divide
    (x > 0) * 1.0 ; (x > 127) * 1.0  # only black or white: keep what lies between
n * x:
    n / 10 * x ; n * 10 * x ; n * 100 * x ; n / 100 * x ; n * n * x ; x / n  # another number than it should be
        # stands for {n}: look at its exponent
x / (y - z):
    x / y - z  # brackets are missing: a division comes before a subtraction
    x / y  # {z} is not subtracted below the line
    x / z  # divided by {z} alone
    x / (y + z)  # divided by a sum
(x - y) / z:
    x - y / z  # brackets are missing: a division comes before a subtraction
(x - y) / (x - z):
    (y - z) / (x - z)  # this is the other part of the way: look at where it begins
    x - y / (x - z) ; (x - y) / x - z ; x - y / x - z  # brackets are missing: a division comes before
        # a subtraction
    x - y ; y - z  # a difference alone: divide it by the whole
    (x - y) / y ; (x - y) / x ; (x - y) / z  # divided by one number alone: the whole is a difference
    (x - y) / (y - z) ; (y - z) / (x - y)  # divided by what is left: the whole is a difference
    y / x ; z / y ; y / (x - z) ; x / (x - z) ; z / x  # a number itself is divided: differences are what counts
    max(0, (x - y) / (x - z))  # cut off at 0
    abs((x - y) / (x - z))  # the sign is lost
    (x - y) / (x - z) * 100 // 1 / 100  # cut off to whole percent
(x - y) * z:
    x - y * z  # brackets are missing: a product comes before a subtraction
(x + y) / z:
    x + y / z  # brackets are missing: a division comes before an addition
x - y:
    np.abs(x - y)  # the magnitude of a difference: its sign counts
    x / y  # this is a ratio: take a difference
    x * y  # multiplied: subtract
    (x - y) / x ; (x - y) / y  # a difference is divided: take it as it is
    (x - y) ** 2  # a difference is squared: take it as it is
    x - np.ravel(y)[-1] ; x - np.ravel(y)[0] ; x - np.mean(y)  # one number is subtracted everywhere: each has its
        # own
    np.stack([x, y], axis=-1) ; np.stack([x, y])  # both side by side: take their difference
    np.concatenate([x, y])  # one after the other: take their difference
    np.max(x) - np.min(y) ; np.sum(x) - np.sum(y)  # one number for all: each has its own
x.reshape(len(x), n):
    x  # still of the old shape: make one row of each
    x.reshape(n, len(x)) ; x.reshape(n, -1)  # rows and columns of the new shape are exchanged
    x.reshape(n, len(x)).T  # what belongs to different rows is mixed: one row of each is wanted
    x.transpose(0, 2, 1).reshape(len(x), n)  # the columns of each stand one after the other: row
        # after row is wanted
    x.reshape(-1)  # all stand in one long row: a row of each is wanted
    x.reshape(len(x), n).T  # rows and columns are swapped: a row of each is wanted
    x[:1].reshape(1, n) ; x[0].reshape(n)  # only the first one: is `return` inside the loop?
    np.sort(x.reshape(len(x), n), axis=1) ; x.reshape(len(x), n)[:, ::-1]  # sorted or turned round
        # within a row: keep them where they are
np.argmax(x, axis=k):
    np.argmax(x[:, 1:], axis=k) ; np.argmax(x[:, :-1], axis=k)  # the first or the last {k} is left
        # out: where do the loop and its numbers begin and end?
    np.shape(x)[k] - 1 - np.argmax(x[:, ::-1], axis=k)  # the last one of several equal ones: the
        # first counts
    np.argsort(x, axis=k)[:, -1] ; np.argsort(-x, axis=k)[:, 0]  # among equal ones a sort may choose
        # any: the first counts
    np.argmax(np.round(x, 1), axis=k) ; np.argmax(np.round(x), axis=k) ; np.argmax(x > 0.5, axis=k) ; np.argmax(x == 1, axis=k)  # rounded or
        # cut off first: that makes equal ones of different ones
    np.argmax(x, axis=k) % 28 ; np.argmax(x, axis=k) // 28  # only a column or a row of the square:
        # the place is both
    np.argsort(x, axis=k)  # the order of all: the place of the largest is wanted
    np.argmax(np.abs(x), axis=k)  # the largest magnitude: the largest is wanted
x == y:
    np.all(x == y)  # one answer for all: one for each is wanted
    np.isin(x, y)  # looked for anywhere among the others: compare one by one
    np.abs(x - y) <= {1|2|27|28}  # a near one counts as equal
    x ; y  # compare the two
    x >= y ; x <= y  # larger or smaller counts, too: they must be equal
    (x == y) + 0 * np.all(x == y)  # compare one by one
np.where(x, y, z):
    np.where(x, z, y)  # the two cases are exchanged
    x  # True or False: the values are asked for
    y  # everything is taken: a choice is missing
x += y:
    x = y  # each overwrites the one before: add them up
    x -= y  # subtracted: add them up
    x *= y  # multiplied: add them up
x[:, y]:
    x[y]  # rows are taken for columns: which axis comes first?
x[y, z]:
    x[z, y]  # rows and columns are exchanged: which axis comes first?
x ** 2:
    x  # the squares are missing
    np.abs(x)  # magnitudes: squares are wanted
np.sqrt(x):
    x  # the root is missing
"""

# What a loop or a comprehension goes through.
LOOPS = """
(x)[1:] ; list(x)[1:]  # the first one is left out: where does the loop begin?
(x)[:-1] ; list(x)[:-1]  # the last one is left out: does the loop end one step early?
list(x)[:1]  # only the first one is looked at: is `return` inside the loop?
list(x)[-1:]  # only the last one is looked at: does each overwrite the one before?
list(reversed(list(x)))  # the loop goes backwards
sorted(x)  # sorted first: keep the order
set(x)  # equal ones are counted once: each is one of its own
"""

# What may become of a right answer on its way out.
ANSWERS = """
-x  # the sign is wrong: everything is right but for a minus
x.T  # rows and columns are swapped: the result is transposed
x[::-1]  # the order is reversed
x[:, ::-1]  # the order of the columns is reversed
~x ; 1 - x  # turned round: the opposite is wanted
100 * x  # in percent: a share between 0 and 1 is asked for
(100 * x).astype(int) / 100  # cut off to whole percent: return it as it is
np.round(100 * x) ; np.floor(100 * x) ; np.trunc(100 * x)  # in whole percent: a share between 0 and 1 is asked for
np.floor(x) ; np.trunc(x) ; np.round(x)  # the fractions are lost: return floating-point numbers, unrounded
np.round(x, {1|2|3|4})  # the result is rounded: return it as it is, round when you print
x[0] ; x[:1]  # only the first {k} comes back: is `return` inside the loop, or a `[0]` too much?
x[-1] ; x[-1:]  # only the last {k} comes back: does each overwrite the one before?
x[:-1]  # the last is missing: does the loop end one step early?
x[1:]  # the first is missing: does the loop begin one step late?
x[:{5|7|8|10|20|32|50|100|256|1000}]  # only {} of them: is a number written in?
x.mean()  # the mean of all: one for each {k} is wanted
x.sum()  # the sum of all: one for each {k} is wanted
x.max() ; x.min() ; np.median(x)  # one number of all: one for each {k} is wanted
np.full(x.shape, x.mean()) ; np.full(x.shape, x.sum()) ; np.full(x.shape, x[0]) ; np.full(x.shape, x[-1])  # one and the same
    # for all: each {k} has its own
np.cumsum(x)  # each is added to those before it: start anew for each {k}
np.diff(x)  # the steps from one to the next: the values themselves are asked for
np.sort(x) ; np.sort(x)[::-1]  # the values are sorted: keep them in their order
x + 1  # one too many: does the count begin with 0?
x - 1  # one too few: does the count begin with 1?
x**2  # squared: take it as it is
np.sqrt(np.abs(x))  # a root is taken: take it as it is
np.abs(x)  # the sign is lost
1 / x  # upside down
x > 0  # True or False: the numbers are asked for
np.flatnonzero(x)  # the places of what is not zero: return one answer for each {k}
np.argsort(x) ; np.argmax(x) ; np.argmin(x)  # places in an order: the values are asked for
x / len(x)  # divided by how many {k}s there are
np.ravel(x)  # all in one row: keep the shape
np.maximum(x, 0)  # what is negative became 0
np.minimum(x, 1)  # cut off at 1
np.clip(x, 0, 1)  # cut off at 0 and at 1
x / np.max(x)  # divided by the largest: leave the scale as it is
x / np.sum(x)  # divided by their sum: leave the scale as it is
(x - np.mean(x)) / np.std(x)  # mean and spread are taken out: leave the scale as it is
np.stack([x, x])  # there are two of everything
np.atleast_1d(x)[:, None] ; x[None]  # the values are right, and there is an axis too many
np.any(x)  # one answer for all {k}s: one for each is wanted
np.all(x)  # one answer for all {k}s: one for each is wanted
np.exp(x) ; np.log(x)  # an exponential or a logarithm too many
"""
