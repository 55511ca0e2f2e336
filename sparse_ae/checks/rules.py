"""The usual slips of numerical code, as data: what may stand where something else belongs.

A line without indent is a pattern: x, y and z stand for any expression, k and n for a number. Below
it stands what may be there instead, and what to say then: {k} is the noun of the axis that is
worked along, {j} that of the other, {x} and {y} are parts by name. `slips.read_rules` reads it.
The words speak of axes by noun; what a right answer looks like they do not show.
"""

NUMBERS = {
    "n": (28, 32, 100, 128, 256, 784, 1000, 10_000, 60_000, 784 * 32),
    "d": (
        *(0.5, 0.2, 0.1, 0.05, 0.01, 5e-3, 2**-23),
        *(10.0**-n for n in (3, 4, 5, 6, 8, 9, 12, 15)),
    ),
}
WRITTEN_IN = (1, 0.5, 0.1, 0.015, 0.01, 1e-3, 1e-4, 1e-5, 10, 100, 1880)

# These are also tried two at a time.
COMMON = """
np.{sum|mean|any|argmax}(x, axis=k):
    np.{}(x, axis=1 - k)  # along the wrong axis: go through the {k}s of each {j}
    np.{}(x)  # one answer for all {j}s: one for each {j} is wanted
    x  # one for each {k}: put them together
np.{sum|mean}(x):
    x  # one for each {k}: put them together
np.sum(x, axis=k) -> np.mean(x, axis=k)  # the mean over the {k}s: add them up
np.mean(x, axis=k) -> np.sum(x, axis=k)  # summed over the {k}s: take their mean
np.sum(x) -> np.mean(x)  # this is a mean: add up
np.mean(x) -> np.sum(x)  # summed over the {k}s: take their mean
np.any(x, axis=k) -> np.all(x, axis=k)  # `all` asks whether each {k} has it: one is enough here
np.argmax(x, axis=k) -> np.argmin(x, axis=k)  # the smallest is looked for: the largest is wanted
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
1 / (1 + np.exp(-x)) -> x  # the sigmoid is missing: the answer should lie between 0 and 1
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
-x -> x  # a sign is wrong: look for a minus
~x -> x  # True and False are swapped
"""

RARE = """
np.{sum|mean}(x, axis=k):
    np.{max|argmax|min|std|median}(x, axis=k)  # another thing is made of the {k}s: a {} is wanted
    np.{any|all}(x, axis=k)  # whether there is any, or all are: a {} is wanted
    np.{}(x[{:, 1:|:, :-1|1:|:-1}], axis=k) ;
    np.sum(x[{:, 1:|:, :-1|1:|:-1}], axis=k) / np.shape(x)[k]  # the first or the last is left out:
        # where does a loop begin and end?
    x.take(0, axis=k)  # only the first {k}: is `return` inside the loop?
    x.take(-1, axis=k)  # only the last {k}: does each overwrite the one before?
    np.{}(x[:{5|10|20|32|40|100|256}], axis=k) ; np.{}(x[:, :{n}], axis=k) ;
    np.sum(x, axis=k) / {n} ; {n} - np.sum(~x, axis=k)  # a number is written in: take it from the
        # array
    np.cumsum(np.{}(x, axis=k))  # it goes on from {j} to {j}: start anew for each
    np.sum(x) ; np.sum(x) + np.zeros(np.shape(np.sum(x, axis=k)))  # one sum of all: each {j} has
        # its own
    np.abs(np.{}(x, axis=k))  # the sign is lost at the end
np.sum(x, axis=k):
    np.shape(x)[k] + np.zeros(np.shape(np.sum(x, axis=k)), int)  # `len` counts False, too
    np.bincount(np.nonzero(x)[1 - k])  # `bincount` leaves out what has none at the end
np.mean(x, axis=k):
    np.sum(x, axis=1 - k)  # summed, and along the wrong axis: take the mean over the {k}s
    np.sum(x, axis=k) / np.shape(x)[1 - k] ; np.sum(x, axis=k) / np.size(x) ;
    np.sum(x, axis=k) / (np.shape(x)[k] {+|-} 1)  # not divided by the number of {k}s
    np.sum(x, axis=k) // np.shape(x)[k]  # whole numbers only: the fraction is lost
    np.sum(x, axis=k, dtype='{uint8|int8}') / np.shape(x)[k]  # the counts overflow: too small
        # integers
    np.sum(x, axis=k) / np.max(np.sum(x, axis=k)) ; np.sum(x, axis=k) / np.sum(x)  # divided by the
        # largest or by a sum: divide by the number of {k}s
np.{sum|mean}(x > 0, axis=k):
    np.{}(np.{abs(x)|maximum(x, 0)}, axis=k) ; np.{max|argmax}(x, axis=k) ;
    np.sum(np.maximum(x, 0), axis=k) / np.maximum(np.sum(x > 0, axis=k), 1)  # how large they are
        # counts here: ask only which are above zero
np.mean(np.sum(x, axis=1)):
    np.mean(x, axis=1).sum()  # the axes are exchanged: sum over the {k}s, mean over the {j}s
    np.sum(x)  # summed over the {j}s, too: take their mean
    np.mean(x)  # the mean is over the {k}s, too: sum over them, mean over the {j}s
    np.{mean|sum}(x, axis=0)  # one number for each {k}: one for all is wanted
    np.sum(x, axis=1)  # one number for each {j}: take the mean over them
    np.sum(x[0])  # only the first {j}: is `return` inside the loop?
    np.sum(x[-1]) ; np.sum(x[-1]) / len(x)  # only the last {j}: does the sum begin anew for each?
    np.sum(x) / np.count_nonzero(x.any(axis=1)) ; np.mean(np.sum(np.unique(x, axis=0), axis=1))
        # {j}s of zeros are left out, or equal ones counted once: each counts
    np.sum(x) / (len(x) - 1) ; np.sum(x) / len(x) ** 2 ; np.sum(x) * len(x) ;
    np.sum(x) / np.shape(x)[1]  # not divided by the number of {j}s
    np.sum(x) / {n} ; np.mean(x) * {n}  # a number is written in: take it from the array
    np.max(np.sum(x, axis=1)) ; np.{median|std}(np.sum(x, axis=1))  # something else over the {j}s:
        # take their mean
    np.mean(np.max(x, axis=1))  # the largest {k} of each {j} alone: add up all of them
    np.mean(x[x != 0]) ; np.mean(x[x > 0])  # a mean over some: sum over the {k}s of each {j}
np.sum(x):
    np.sum(x, axis=0)  # one number for each {k}: add up everything
    np.sum(x, axis=1)  # one number for each {j}: add up everything
    np.mean(np.sum(x, axis={0|1}))  # a mean over one axis: add up everything
    np.max(np.sum(x, axis={0|1})) ; np.max(x)  # the largest alone: a norm of a matrix is something
        # else
    np.median(x) ; np.std(x)  # the median or the spread: add up
    np.sum(x[{0|-1}]) ; np.ravel(x)[{0|-1}]  # only one: is `return` inside the loop, or the sum
        # begun anew?
    np.sum(x[{1:|:-1|:, 1:|:, :-1}])  # the first or last is left out: where does a loop end?
    np.sum(x) / {n}  # divided by a number that is written in
np.sum(np.abs(x)):
    np.sqrt(np.sum(x**2)) ; np.sum(np.sqrt(np.sum(x**2, axis={0|1})))  # this is a length, an L2
        # norm: L1 adds up magnitudes
    np.abs(np.sum(x)) ; np.sum(np.abs(np.{sum|mean}(x, axis={0|1})))  # the magnitude is taken of a
        # sum or a mean: take it of each
np.mean(np.sum(np.abs(x), axis=1)):
    np.sqrt(np.sum(x**2)) ; np.{mean|sum}(np.sqrt(np.sum(x**2, axis=1)))  # this is a length, an L2
        # norm: L1 adds up magnitudes
    np.mean(np.abs(np.sum(x, axis=1))) ; np.sum(np.abs(np.mean(x, axis=0))) ;
    np.abs(np.mean(np.sum(x, axis=1)))  # the magnitude is taken of a sum or a mean: take it of each
        # {k}
np.abs(x):
    -np.minimum(x, 0)  # the positive ones are left out: their magnitude counts, too
    (x {>|!=} 0) * 1.0  # these are counted: add up their magnitudes
    np.sqrt(np.abs(x)) ; np.sqrt(np.abs(x) + 1e-6)  # the roots of the magnitudes: take the
        # magnitudes
np.log(x):
    np.log10(x) ; np.log1p(x)  # another base, or 1 is added before: the natural logarithm is wanted
np.exp(x) -> {2|10}**x  # another base than e in the exponential
1 / (1 + np.exp(-x)):
    np.maximum(0, x)  # a ReLU where the sigmoid belongs
    1 / (1 + np.exp(-np.maximum(0, x)))  # there is a ReLU before the sigmoid: leave it out
    np.tanh(x)  # tanh where the sigmoid belongs
    np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)  # softmax where the sigmoid belongs: each
        # number is decided by itself
    np.clip(x, 0, 1)  # the sum is cut off at 0 and 1: the sigmoid bends it smoothly
    1 / 1 + np.exp(-x)  # the brackets of the fraction are missing
    1 / (1 - np.exp(-x)) ; np.exp({-|}x) ; 1 / np.exp(-x)  # a part of the sigmoid is missing or has
        # another sign: look at its formula
    1 / (1 + np.exp(-1 / (1 + np.exp(-x))))  # the sigmoid is applied twice
1 / (1 + np.exp(-(x + y))):
    1 / (1 + np.exp(-x)) + y  # {y} is added after the sigmoid: add it before
    1 / (1 + np.exp(-x) + y)  # {y} stands outside the exponent
    1 / (1 + np.exp(-x + y))  # {y} is subtracted: the minus belongs to the whole sum
np.maximum(0, x):
    (x > 0) * 1.0  # True or False: the ReLU keeps the sum where it is positive
    np.clip(x, {0|-1}, 1)  # cut off at 1: the ReLU has no upper end
    1 / (1 + np.exp(-x)) ; 1 / (1 + np.exp(-np.maximum(0, x))) ; np.tanh(x) ;
    np.tanh(np.maximum(0, x))  # a sigmoid or a tanh where only a ReLU belongs
    np.where(x > 0, x, {0.01|0.1|0.2} * x) ; np.log(1 + np.exp(x)) ;
    np.where(x > 0, x, np.exp(x) - 1)  # what is negative stays a little: the ReLU makes it exactly
        # zero
    np.max(x) ; np.max(x, axis={0|1}) ; np.max(x, axis=1, keepdims=True)  # `np.max` takes the
        # largest of all, `np.maximum` compares each with 0
    np.maximum(0, x) / np.maximum(0, x).max(axis=1, keepdims=True)  # divided by the largest: leave
        # the scale as it is
    x**2 ; np.maximum(0, x)**2  # squares: the ReLU leaves positive ones as they are
np.maximum(0, x + y):
    np.maximum(0, x) + y  # {y} is added after the ReLU: add it before
    np.maximum(x, y)  # the larger of the sum and {y}: add {y}, and compare with 0
    np.maximum(0, x) + np.maximum(0, y)  # two ReLUs: one, around the whole sum
np.maximum(0, x @ y + z):
    x @ np.maximum(0, y) + z ; np.maximum(0, x) @ y + z  # the ReLU belongs around the whole sum
np.clip(x, y, z):
    np.maximum(x, y) ; np.minimum(x, z) ; np.clip(x, 0, z) ; np.clip(x, y, 1)  # only one end is cut
        # off: there are two
    np.clip(x, z, y)  # the two ends of the cutting are exchanged: all became the same
    np.clip(x, {d}, 1 - {d})  # cut off at another distance than the task says
    np.clip(x, y, 1 - {d}) ; np.clip(x, {d}, z)  # at one end cut off at another distance
np.flatnonzero(x):
    x  # True or False for each: return the numbers of the True ones
    ~x  # True or False for each, and swapped: return the numbers of the True ones
    np.where(x)  # an array inside a tuple or a list: take its first entry
    np.argwhere(x)  # a column: make it flat
    np.sum(x) ; np.any(x) ; np.mean(x)  # how many or whether there are: say which ones
    np.flatnonzero(x)[{:1|-1:|0|-1}] ; np.argmax(x)  # only one of them: return all, in an array
    np.flatnonzero(x) + 1  # counted from 1: the first has the number 0
np.any(x, axis=k):
    x.take({0|-1}, axis=k) ; np.any(x[:{n}], axis=k) ; np.any(x[:{5|10|20}], axis=k)  # only some
        # {k}s are looked at: ask all of them
    np.mean(x, axis=k) >= {d} ; np.mean(x, axis=k).round({1|2}) != 0 ; np.sum(x, axis=k) > 1  # a
        # few count as none: only exactly none is none
    np.sum(x, axis=k, dtype='uint8') != 0  # the counts overflow: the integers are too small
np.any(x > 0, axis=k):
    np.{sum|mean}(x, axis=k) > 0  # negative ones hide positive ones in a sum or a mean: ask each
        # {k}
    np.{sum|max}(x, axis=k) != 0 ; np.abs(x).sum(axis=k) > 0  # compared with exactly zero, or
        # without signs: there are negative ones, too
x > 0:
    x < 0  # the negative ones are taken: those above zero are wanted
    {x|np.abs(x)} > {d} ; x > {1|1e-7|2} ; x == 1  # only those above another number: any above zero
        # counts
    x > np.mean(x) ; x > np.mean(x, axis={0|1}, keepdims=True)  # compared with a mean: compare with
        # 0
    x.astype(int) > 0 ; np.round(x) > 0 ; np.round(x, {1|2|3}) > 0  # rounded first: any that is
        # above zero counts
    np.sign(x) ; np.maximum(x, 0) ; np.abs(x)  # signs or sizes are taken: ask only what is above
        # zero
x @ y:
    np.{sum|mean}(x, axis=0) @ y  # one for all together: one for each is wanted
    x[0] @ y ; x[:1] @ y  # only the first goes in: one for each is wanted
    x @ y / np.shape(x)[1] ; x @ y / len(x)  # the sum of the products is divided: it is no mean
    x @ np.maximum(0, y) ; np.maximum(0, x) @ y ; (x > 0) @ y ; x @ np.abs(y)  # a factor is changed
        # before: take it as it is
    (1 - x) @ y ; x / 255 @ y ; x * 255 @ y  # {x} is turned round or scaled: take it as it is
x @ y + z:
    x @ (y + z) ; x @ y * z  # {z} is multiplied with something: add it to the sum
x + y:
    x + 2 * y  # {y} is added twice
    x + np.{mean|sum|max}(y) ; x + np.ravel(y)[0]  # one number is added everywhere: each has its
        # own
x * y:
    x / y ; y / x  # divided: multiply
    x * x * y ; x * y * y  # a factor is used twice
x / y:
    x // y  # whole numbers only: the fraction is lost
    x / y / y  # divided by {y} twice
x / n:
    x / (n {+|-} 1) ; x / n * {2|0.5|10|0.1}  # divided by another number than it should be
    x / np.max(x) ; x / np.max(x, axis=1, keepdims=True) ; x / np.max(x, axis={1|0})  # divided by a
        # largest one: the scale must be the same for all
    1 - x / n  # turned upside down: 0 stays 0
    x / n * 2 - 1  # from -1 to 1, and it should begin with 0
    (x - np.mean(x)) / np.std(x)  # mean and spread are taken out: only divide
    (x > {0|127|128}) * 1.0  # only black or white: keep what lies between
n * x:
    {10|0.1|100|0.01} * n * x ; n * n * x ; x / n  # another number stands there than {n}
x / (y - z):
    x / y - z  # brackets are missing: a division comes before a subtraction
    x / y ; x / z  # divided by one number alone: divide by the difference
    x / (y + z)  # divided by a sum
(x - y) / z -> x - y / z  # brackets are missing: a division comes before a subtraction
(x + y) / z -> x + y / z  # brackets are missing: a division comes before an addition
(x - y) * z -> x - y * z  # brackets are missing: a product comes before a subtraction
(x - y) / (x - z):
    x - y / (x - z) ; (x - y) / x - z ; x - y / x - z  # brackets are missing: a division comes
        # before a subtraction
    (x - y) / y ; (x - y) / x ; (x - y) / z ; (y - z) / x ; (y - z) / y  # divided by one alone: the
        # whole is a difference
    (x - y) / (y - z) ; (y - z) / (x - y)  # divided by what is left: the whole is a difference
    y / x ; z / y ; y / (x - z) ; x / (x - z) ; z / x  # a number itself is divided: differences
        # count
    {max(0, |min(1, |abs(}(x - y) / (x - z))  # cut off at one end, or the sign is lost
x - y:
    np.abs(x - y)  # the magnitude of a difference: its sign counts
    x / y  # this is a ratio: take a difference
    (x - y) / {x|y} ; (x - y) ** 2  # a difference is divided or squared: take it as it is
    x - np.ravel(y)[{-1|0}] ; x - np.mean(y)  # one is subtracted everywhere: each has its own
    np.stack([x, y], axis={-1|0}) ; np.concatenate([x, y])  # both come back: take their difference
x.reshape(len(x), n):
    x.reshape(n, {len(x)|-1}) ; x.reshape(n, len(x)).T  # what belongs to different rows is mixed:
        # one row of each is wanted
    x.transpose(0, 2, 1).reshape(len(x), n)  # column after column is read: row after row is wanted
    x.reshape(-1)  # all stand in one long row: a row of each is wanted
    x[:1].reshape(1, n) ; x[0].reshape(n)  # only the first one: is `return` inside the loop?
    np.sort(x.reshape(len(x), n), axis=1) ; x.reshape(len(x), n)[:, ::-1]  # sorted or turned round:
        # keep them where they are
np.argmax(x, axis=k):
    np.max(x, axis=k)  # the largest values are taken: their places are wanted
    np.argmax(x[{:, 1:|:, :-1}], axis=k)  # the first or last {k} is left out: where does a loop
        # end?
    np.shape(x)[k] - 1 - np.argmax(x[:, ::-1], axis=k) ; np.argsort(x, axis=k)[:, -1] ;
    np.argsort(-x, axis=k)[:, 0]  # another one of several equal ones: the first counts
    np.argmax(np.round(x, {0|1}), axis=k) ; np.argmax(x {> 0.5|== 1|> 0}, axis=k)  # rounded first:
        # that makes equal ones of different ones
    np.argmax(x, axis=k) {%|//} 28  # only a column or a row of the square: the place is both
x == y:
    np.isin(x, y)  # looked for anywhere among the others: compare one by one
    np.abs(x - y) <= {1|2|27|28}  # a near one counts as equal
    x ; y ; x >= y ; x <= y  # compare whether the two are equal
np.where(x, y, z):
    np.where(x, z, y)  # the two cases are exchanged
    x  # True or False: the values are asked for
not x -> x  # turned round: look for a `not`
x and y:
    x or y  # one of two is enough here: both are asked for
    x ; y  # only one of two is asked: both are asked for
x += y -> x = y  # each overwrites the one before: add them up
x[:, y] -> x[y]  # rows are taken for columns: which axis comes first?
"""

# What a loop or a comprehension goes through.
LOOPS = """
(x)[1:] ; list(x)[1:]  # the first one is left out: where does the loop begin?
(x)[:-1] ; list(x)[:-1]  # the last one is left out: does the loop end one step early?
list(x)[:1]  # only the first one is looked at: is `return` inside the loop?
list(x)[-1:]  # only the last one is looked at: does each overwrite the one before?
"""

# What may be done with an argument that is an array before it is used.
ARGUMENTS = """
ARGUMENT:
    np.round(ARGUMENT) ; np.round(ARGUMENT, {1|2}) ; (ARGUMENT > 0.5) * 1.0 ; ARGUMENT.astype(int)
        # `ARGUMENT` is rounded, or made whole numbers, before it is used
    np.abs(ARGUMENT) ; np.maximum(ARGUMENT, 0)  # the signs in `ARGUMENT` are lost
    np.sort(ARGUMENT, axis=-1) ; ARGUMENT[::-1]  # `ARGUMENT` is put in another order
    ARGUMENT / np.max(ARGUMENT) ; ARGUMENT - np.mean(ARGUMENT)  # `ARGUMENT` is scaled or shifted
"""

# What may become of a right answer on its way out.
ANSWERS = """
-x  # the sign is wrong: everything is right but for a minus
x.T  # rows and columns are swapped: the result is transposed
x[::-1] ; x[:, ::-1]  # the order is reversed
~x ; 1 - x  # turned round: the opposite is wanted
{100|-100} * x ; 100 * (1 - x)  # in percent: a share between 0 and 1 is asked for
np.trunc(100 * x) / 100  # cut off to whole percent: return it as it is
np.{round|floor|trunc}(100 * x)  # in whole percent: a share between 0 and 1 is asked for
np.{floor|trunc|round}(x)  # the fractions are lost: return floating-point numbers, unrounded
np.round(x, {1|2|3|4|5})  # the result is rounded: return it as it is, round when you print
x[0] ; x[:1]  # only the first {k} comes back: is `return` inside the loop, or a `[0]` too much?
x[-1] ; x[-1:]  # only the last {k} comes back: does each overwrite the one before?
x[:-1]  # the last is missing: does the loop end one step early?
x[1:]  # the first is missing: does the loop begin one step late?
x[:{3|5|7|8|10|20|32|50|100|256|1000}]  # only {} of them: is a number written in?
x.mean()  # the mean of all: one for each {k} is wanted
x.sum()  # the sum of all: one for each {k} is wanted wanted
np.full(x.shape, x.{mean()|sum()|max()}) ; np.full(x.shape, x[{0|-1}])  # one and the same for all:
    # each {k} has its own
np.arange(len(x)) == 0 ; x * (np.arange(len(x)) == 0).reshape(-1, *[1] * (x.ndim - 1))  # only the
    # first {k} is right, the others are 0: is `return` inside the loop?
x * (np.arange(len(x)) == len(x) - 1).reshape(-1, *[1] * (x.ndim - 1))  # only the last {k} is
    # right, the others are 0: is the result made anew for each?
np.cumsum(x)  # each is added to those before it: start anew for each {k}
np.sort(x) ; np.sort(x)[::-1]  # the values are right and their order is not
x {+|-} 1  # one too many or too few: where does the count begin?
x**2 ; np.sqrt(np.abs(x)) ; 1 / x ; np.exp(x) ; np.log(x)  # a square, a root or the like is taken
    # of it
np.abs(x)  # the sign is lost
x > 0 ; x != 0  # True or False: the numbers are asked for
np.flatnonzero(x)  # the places of what is not zero: return one answer for each {k}
np.ravel(x) ; np.atleast_1d(x)[:, None] ; x[None]  # the values are right and the shape is not
{2|10|28|255|784} * x ; x / {2|10|28|255|784|100}  # right but for a constant factor: a number too
    # many
"""

# What an error message says to a student, by a part of it; the first that fits is told.
ERRORS = """
'NoneType'  # something is None: a `return` is missing, or a method changes its object in place?
no attribute 'history'  # the argument is the dict `history.history` itself
'list' and ; and 'list'  # lists have no arithmetic: make arrays of them, or go through them one by
    # one
matmul ; not aligned  # look at the order of the two factors and at their shapes
broadcast  # look at the shapes of what you combine
same_kind  # an integer array cannot hold fractions: make a float array first
read-only  # take a copy first
truth value  # `if`, `and`, `max` and `min` ask for one value: for whole arrays there are
    # comparisons and `{ops}.maximum`
0-dimensional ; length-1 arrays  # `math` and `float` take one number: NumPy's functions take arrays
axis 0 with size 0  # nothing is left there: is the answer empty for this input?
out of bounds for uint8  # uint8 holds whole numbers from 0 to 255: make floats first
out of bounds for array of dimension  # axis 0 goes down, axis 1 across; what is summed, or selected
    # by True and False, has fewer axes
list index out of range  # does a loop go one step too far, or is a length written in?
out of bounds  # are rows and columns swapped, does a loop go too far, or is a size written in?
inhomogeneous  # arrays of different shapes make no one array: work on them one by one, and compare
    # with a number by `{ops}.maximum`
only integer scalar arrays  # `{ops}.max` looks for the largest of one array, `{ops}.maximum`
    # compares two
boolean negative ; boolean subtract  # `~` is the opposite of True and False
empty sequence ; empty iterable  # nothing was collected: is something written in that this input
    # has not?
to unpack  # how many parts has what is taken apart? A dict gives its keys, `.items()` pairs
EOF when reading  # do not ask with `input()`: use the arguments
of dtype int32  # whole numbers cannot be multiplied with a fraction here: `keras.ops.cast` makes
    # floats
cannot reshape  # is a size written in, or the number of images counted in?
Iterating  # no Python loop over the images: `keras.ops` works on all of them at once
Tensor' object has no attribute  # a tensor has not NumPy's methods: use `keras.ops`
'L1' object has no  # this is a regularizer, and its value is asked for: call it with the codes
no attribute 'dtype'  # Keras wants a tensor: use `keras.ops` throughout, in a class in `__call__`
symbolic  # NumPy does not work inside `fit`: use `keras.ops` throughout
not callable  # parentheses call a function: has a name got another meaning, or is a `*` missing?
referenced before ; not associated  # a name is used before it has a value: is it set in every case?
"""

# What is said of a call, a function's steps or its values, by key; {where} is the input in words.
FINDINGS = """
undefined  # still blank: define the function {name}, then run this cell again.
no function  # this is no function, its type is {type}: give the check the name of your function,
    # without parentheses, and use that name for nothing else.
a class  # this is a class: define a function, {asked}.
arguments  # your function takes {given} and the task asks for {number}: {asked}.
blank  # still blank: write your answer in the function's body.
order  # the arguments are taken in another order than the task's, {asked}.
compared  # a comparison stands on a line of its own: `=` gives a name, `==` compares.
not kept  # what `{what}` gives stands on a line of its own and is not kept: give it a name.
None kept  # `{what}` changes its object in place and returns None, which is kept here: call it on a
    # line of its own, on something that is yours.
changed  # it changes its input, `{what}`, in place ({where}): make something new, so that what the
    # caller gave stays as it was.
changed, list copied  # it changes its input, `{what}`, in place ({where}): a copy of a list holds
    # the same arrays as the list; make new arrays.
changed, view  # it changes its input, `{what}`, in place ({where}): `[:]` of an array is no copy,
    # it shows the same numbers; make something new.
None  # it returned None ({where}): forgot `return`, or is there none for this case?
too slow  # no answer after {seconds} seconds ({where}): is there a loop that never ends?
unreadable  # it returns {type} that cannot be read ({error}): return an array or a number.
constant  # it gives {what} for every input tried: does it depend on `{first}`?
not the argument  # it does not depend on `{first}` here: does it use another array of the notebook,
    # or a number that is written in? Use the argument.
notebook variable  # it uses `{what}`, a variable of the notebook: everything it needs is in its
    # arguments, {all}.
not finite  # it returns NaN or infinity ({where}): look for log(0), 0/0, the root of a negative
    # number, or an overflow.
half precision  # half precision (float16) has three digits only ({where}): use float32.
arrays  # it returns {given} arrays and {number} are asked for.
empty  # it is empty ({where}): does the loop run, is the start value large enough, and is the
    # result not made anew in each step?
notebook size  # {shapes}: that is a size of the notebook's own arrays.
one number  # {shapes}: is `return` inside a loop, or is all of it put together?
shape alone  # {shapes}: the values are right.
dropped  # {shapes}: does a selection drop some, or does a loop leave them out?
how many  # {shapes}: there are too many or too few.
an axis more  # {shapes}: is a sum missing, or are several things returned?
flat  # {shapes}: a selection by True and False gives one flat row.
shape  # {shapes}: look at the axis you work along.
in the zeros  # where 0 is right it gives {what} ({where}).
added  # it is right but for {what} that is added everywhere.
a factor  # it is right but for a factor of {what}: is a number missing, one too many, or written in
    # with too few digits?
right on the simplest  # it is right on the simplest example and not on others ({where}): is
    # something left out that plays no part there, or a number written in?
right for one number  # it is right {what} only: is a number written in?
an entry missing  # an entry is missing ({where}): is `return` inside the loop?
keys  # the keys are not the right ones ({where}).
no number  # an entry is no number ({where}): a number alone is asked for.
by hand  # {what} not right ({where}): compute a small example by hand and compare.
"""
