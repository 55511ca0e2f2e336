"""The usual slips of numerical code, as data: what may stand where something else belongs.

A line without indent is a pattern: x, y and z stand for any expression, k and n for a number. Below
it stands what may be there instead, and what to say then: {k} is the noun of the axis that is
worked along, {j} that of the other, {x} and {y} are parts by name. `slips.read_rules` reads it.
The words speak of axes by noun; what a right answer looks like they do not show.
"""

# What {n} and {d} stand for: sizes, small differences.
WRITTEN_IN = {
    "{n}": "{28|32|100|128|256|784|1000|10000|60000}",
    "{d}": "{0.5|0.1|0.05|0.01|0.001|0.0001|1e-05|1e-06|1e-08|1e-09|1e-12}",
}
# These are also tried two at a time.
COMMON = """
np.{sum|mean|any|argmax}(x, axis=k):
    np.{}(x, axis=1 - k)  # along the wrong axis: go through the {k}s of each {j}
    np.{}(x)  # one answer for all {j}s: one for each {j} is wanted
    x  # one for each {k}: put them together
np.sum(x, axis=k) -> np.mean(x, axis=k)  # the mean over the {k}s: add them up
np.mean(x, axis=k) -> np.sum(x, axis=k)  # summed over the {k}s: take their mean
np.sum(x) -> np.mean(x)  # this is a mean: add up
np.any(x, axis=k) -> np.all(x, axis=k)  # `all` asks whether each {k} has it: one is enough here
np.argmax(x, axis=k) -> np.argmin(x, axis=k)  # the smallest is looked for: the largest is wanted
np.abs(x):
    x  # the signs cancel: take magnitudes
    x**2  # these are squares: L1 takes magnitudes
    np.maximum(x, 0)  # the negative ones are left out: their magnitude counts, too
np.log(x) -> np.log2(x)  # the logarithm has the base 2: the natural one is wanted
np.exp(x) -> np.exp(-x)  # the sign in the exponent is wrong
np.maximum(0, x):
    x  # the ReLU is missing: what is negative should become 0
    np.minimum(0, x)  # the smaller of 0 and the sum: the ReLU takes the larger
    np.abs(x)  # negative sums became positive: the ReLU makes them zero
1 / (1 + np.exp(-x)) -> x  # the sigmoid is missing: the answer should lie between 0 and 1
x + y:
    x - y  # {y} is subtracted: add it
    x  # {y} is missing: add it
    y  # {x} is missing: add it
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
x > 0:
    x != 0  # counted `!= 0`: what is negative is not above zero
    x >= 0  # counted `>= 0`: what is exactly zero is not above it
    x {<=|<} 0  # the others are taken: those above zero are wanted
    x == 0  # the exact zeros are taken: those above zero are wanted
    x  # not compared with 0: ask what is above zero
x < y:
    x <= y  # an equal one counts as smaller: it is not
    x > y  # larger is taken for smaller: look at the comparison
x == y -> x != y  # True and False are swapped
-x -> x  # a sign is wrong: look for a minus
~x -> x  # True and False are swapped
"""

RARE = """
np.{sum|mean}(x, axis=k):
    np.{max|argmax|min|std|median|any|all}(x, axis=k)  # of the {k}s a {} is wanted
    np.{}(x[{:, 1:|:, :-1|1:|:-1}], axis=k)  # the first or the last is left out: look at the loop
    np.{}(x[:{5|10|20|32|40|100|256}], axis=k) ; np.{}(x[:, :{n}], axis=k) ;
    np.sum(x, axis=k) / {n} ; {n} - np.sum(~x, axis=k)  # a number is written in
    np.cumsum(np.{}(x, axis=k))  # it goes on from {j} to {j}: start anew for each
    np.sum(x)  # one sum of all: each {j} has its own
np.mean(x, axis=k):
    np.sum(x, axis=k) / np.shape(x)[1 - k] ; np.sum(x, axis=k) / np.size(x) ;
    np.sum(x, axis=k) / (np.shape(x)[k] {+|-} 1)  # not divided by the number of {k}s
    np.sum(x, axis=k, dtype='{uint8|int8}') / np.shape(x)[k]  # too small integers: they overflow
    np.sum(x, axis=k) / np.sum(x)  # divided by a sum: divide by the number of {k}s
np.{sum|mean}(x > 0, axis=k):
    np.{}(np.{abs(x)|maximum(x, 0)}, axis=k) ; np.{max|argmax}(x, axis=k)  # sizes are added up
np.mean(np.sum(x, axis=1)):
    np.mean(x, axis=1).sum()  # the axes are exchanged: sum over the {k}s, mean over the {j}s
    np.sum(x)  # summed over the {j}s, too: take their mean
    np.mean(x)  # the mean is over the {k}s, too: sum over them, mean over the {j}s
    np.sum(x, axis=1)  # one number for each {j}: take the mean over them
    np.sum(x[{0|-1}]) ; np.sum(x[-1]) / len(x)  # only one {j}: look at where the loop ends
    np.sum(x) / {n} ; np.mean(x) * {n}  # a number is written in: take it from the array
    np.{max|median|std}(np.sum(x, axis=1))  # something else over the {j}s: take their mean
np.sum(x):
    np.sum(x, axis=0)  # one number for each {k}: add up everything
    np.sum(x, axis=1)  # one number for each {j}: add up everything
    np.mean(np.sum(x, axis={0|1}))  # a mean over one axis: add up everything
    np.max(np.sum(x, axis={0|1})) ; np.max(x)  # the largest alone: add up everything
    np.sum(x[{0|-1}]) ; np.ravel(x)[{0|-1}]  # only one: look at where the loop ends
    np.sum(x[{1:|:-1|:, 1:|:, :-1|:-1, :-1}])  # the first or last is left out: look at the loop
np.sum(np.abs(x)):
    np.sqrt(np.sum(x**2)) ; np.sum(np.sqrt(np.sum(x**2, axis={0|1})))  # an L2 norm: L1 is asked
    np.abs(np.sum(x)) ; np.sum(np.abs(np.{sum|mean}(x, axis={0|1})))  # take the magnitude of each
np.mean(np.sum(np.abs(x), axis=1)):
    np.sqrt(np.sum(x**2)) ; np.{mean|sum}(np.sqrt(np.sum(x**2, axis=1)))  # an L2 norm: L1 is asked
    np.mean(np.abs(np.sum(x, axis=1))) ; np.sum(np.abs(np.mean(x, axis=0))) ;
    np.abs(np.mean(np.sum(x, axis=1)))  # take the magnitude of each
np.abs(x) -> {(x > 0) * 1.0|(x != 0) * 1.0|np.ones(x.shape)}  # these are counted: add up their
    # magnitudes
1 / (1 + np.exp(-x)):
    np.maximum(0, x)  # a ReLU where the sigmoid belongs
    1 / (1 + np.exp(-np.maximum(0, x)))  # there is a ReLU before the sigmoid: leave it out
    np.tanh(x)  # tanh where the sigmoid belongs
    1 / (1 + np.exp(-1 / (1 + np.exp(-x))))  # the sigmoid is taken twice
    np.clip(x, 0, 1)  # cut off at 0 and 1: the sigmoid is asked for
    np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)  # a softmax where the sigmoid belongs
    1 / 1 + np.exp(-x)  # the brackets of the fraction are missing
    1 / (1 - np.exp(-x)) ; np.exp({-|}x) ; 1 / np.exp(-x)  # a part of the sigmoid is missing
1 / (1 + np.exp(-(x + y))):
    1 / (1 + np.exp(-x)) + y  # {y} is added after the sigmoid: add it before
    1 / (1 + np.exp(-x + y))  # the minus reaches a part of the sum only: it belongs to all of it
np.maximum(0, x):
    (x > 0) * 1.0  # True or False: the ReLU keeps the sum where it is positive
    np.clip(x, 0, 1)  # cut off at 1: the ReLU has no upper end
    1 / (1 + np.exp(-x)) ; np.tanh(x)  # a sigmoid or a tanh where only a ReLU belongs
    np.max(x) ; np.max(x, axis={0|1})  # `np.max` takes the largest of all: compare each with 0
np.maximum(0, x + y) -> np.maximum(0, x) + y  # {y} is added after the ReLU: add it before
np.maximum(0, x @ y + z) -> x @ np.maximum(0, y) + z  # the ReLU is put on a part of the sum
np.maximum(0, x - y * z) -> x - y * np.maximum(0, z)  # the ReLU is put on a part of the difference
np.clip(x, y, z):
    np.clip(x, {d}, 1 - {d})  # cut off at another distance than the task says
    np.clip(x, y, 1 - {d}) ; np.clip(x, {d}, z)  # at one end cut off at another distance
np.flatnonzero(x):
    {x|~x}  # True or False for each: return the numbers of the True ones
    np.where(x)  # an array inside a tuple or a list: take its first entry
    np.argwhere(x)  # a column: make it flat
    np.{sum|any|mean}(x)  # a number, or one True or False: say which ones
    np.flatnonzero(x)[{:1|-1:|0|-1}] ; np.argmax(x)  # only one of them: return all, in an array
    np.flatnonzero(x) + 1  # counted from 1: the first has the number 0
np.any(x, axis=k):
    x.take({0|-1}, axis=k) ; np.any(x[:{n}], axis=k)  # only some {k}s are looked at
    np.sum(x, axis=k) > 1  # a few count as none: only exactly none is none
np.any(x > 0, axis=k):
    np.{sum|mean}(x, axis=k) > 0  # negative ones hide positive ones in a sum or a mean: ask each
    np.{sum|max}(x, axis=k) != 0 ; np.abs(x).sum(axis=k) > 0  # there are negative ones, too
x > 0:
    {x|np.abs(x)} > {d} ; x > {1|2}  # only those above another number: any above zero counts
    x > np.mean(x, axis={None|0|1}, keepdims=True)  # compared with a mean: compare with 0
    x.astype(int) > 0 ; np.round(x) > 0  # rounded first: any that is above zero counts
    np.sign(x) ; np.maximum(x, 0) ; np.abs(x)  # signs or sizes are taken: ask what is above 0
x @ y:
    x[0] @ y ; x[:1] @ y ; np.{sum|mean}(x, axis=0) @ y  # the first alone, or a sum of all, goes in
    x @ np.maximum(0, y) ; np.maximum(0, x) @ y ; (x > 0) @ y ; x @ np.abs(y)  # a factor is changed
x @ y + z -> {x @ (y + z)|x @ y * z}  # {z} is multiplied with something: add it to the sum
x / y -> x // y  # whole numbers only: the fraction is lost
x * y -> y / x  # divided by {x}: multiply by it
x / n:
    x / (n {+|-} 1)  # divided by another number than it should be
    x / np.max(x) ; x / np.max(x, axis=1, keepdims=True)  # divided by the largest that is
    # there: one scale for all
    1 - x / n  # black and white are exchanged: 0 stays 0
    x / n * 2 - 1 ; (x - np.mean(x)) / np.std(x)  # it begins below 0: only divide
    (x > {0|127}) * 1.0  # only black or white: keep what lies between
x / (y - z) -> {x / y - z|x / (y + z)}  # divided by something else than the difference
(x {-|+} y) / z -> x {} y / z  # brackets are missing: a division comes before a sum or a difference
(x - y) * z -> x - y * z  # brackets are missing: a product comes before a subtraction
(x - y) / (x - z):
    x - y / (x - z) ; (x - y) / x - z ; x - y / x - z  # brackets are missing: `/` before `-`
    (x - y) / {x|y|z}  # divided by one number alone: the whole is a difference
    (x - y) / (y - z) ; (y - z) / (x - y)  # divided by another difference than the whole
    y / x ; z / y ; y / (x - z)  # a number itself is divided: differences count
    {max(0, |min(1, |abs(}(x - y) / (x - z))  # cut off at one end, or the sign is lost
x - y:
    x / y  # this is a ratio: take a difference
    (x - y) / {x|y} ; (x - y) ** 2  # a difference is divided or squared: take it as it is
    x - np.ravel(y)[{-1|0}] ; x - np.mean(y)  # one is subtracted everywhere: each has its own
x.reshape(len(x), n):
    x.reshape(n, {len(x)|-1}) ; x.reshape(n, len(x)).T  # what belongs to different rows is mixed
    x.transpose(0, 2, 1).reshape(len(x), n)  # column after column is read: row after row is wanted
    x.reshape(-1)  # all stand in one long row: a row of each is wanted
    x[:1].reshape(1, n)  # only the first one: is `return` inside the loop?
np.argmax(x, axis=k):
    np.argmax(x[:, 1:], axis=k)  # the first {k} is left out: where does a loop begin?
    np.shape(x)[k] - 1 - np.argmax(x[:, ::-1], axis=k)  # ties: the first of equal ones counts
    np.argmax(np.round(x, {0|1}), axis=k) ; np.argmax(x {> 0.5|== 1|> 0}, axis=k)  # rounded first
    np.argmax(x, axis=k) {%|//} 28  # only a column or a row of the square: the place is both
x == y -> np.abs(x - y) <= {1|2}  # a near one counts as equal
not x -> x  # turned round: look for a `not`
x and y -> {x or y|x|y}  # one of two is enough here: both are asked for
x += y -> x = y  # each overwrites the one before: add them up
"""

# What a loop or a comprehension goes through.
LOOPS = """
list(x)[1:]  # the first one is left out: where does the loop begin?
list(x)[:-1]  # the last one is left out: does the loop end one step early?
list(x)[:1]  # only the first one is looked at: is `return` inside the loop?
list(x)[-1:]  # only the last one is looked at: does each overwrite the one before?
"""

# What may be done with an argument before it is used, or stand in its place.
ARRAYS = """
ARGUMENT -> {np.round(ARGUMENT)|(ARGUMENT > 0.5) * 1.0|ARGUMENT.astype(int)}  # it rounds `ARGUMENT`
"""

NUMBERS = """
ARGUMENT -> {1|0.5|0.1|0.015|0.01|0.001|0.0001|1e-05|10|100|1880}  # use the argument `ARGUMENT`
"""

# What may become of a right answer on its way out.
ANSWERS = """
-x  # the sign is wrong: everything is right but for a minus
x.T  # rows and columns are swapped: the result is transposed
x[::-1]  # the order is reversed
~x ; 1 - x  # turned round: the opposite is wanted
100 * x  # in percent: a share between 0 and 1 is asked for
np.{floor|trunc|round}(x)  # the fractions are lost: return floating-point numbers, unrounded
np.round(x, {1|2|3|4|5})  # the result is rounded: return it as it is, round when you print
x[0] ; x[:1]  # only the first {k} comes back: is `return` inside the loop, or a `[0]` too much?
x[-1] ; x[-1:]  # only the last {k} comes back: does each overwrite the one before?
x[:-1]  # the last is missing: does a loop or a slice end one step early?
x[1:]  # the first is missing: does the loop begin one step late?
x.{mean|sum}()  # one number for all: one for each {k} is wanted
np.full(x.shape, x.mean()) ; np.full(x.shape, x[{0|-1}])  # one and the same for all
x * (np.arange(len(x)) == 0).reshape(-1, *[1] * (x.ndim - 1))  # all but the first {k} are 0
np.sort(x) ; np.sort(x)[::-1]  # the values are right and their order is not
x {+|-} 1  # each is one too large or too small: where does the count begin?
x**2 ; np.sqrt(np.abs(x)) ; 1 / x ; np.exp(x)  # a square, a root or the like is taken of it
x > 0  # True or False: the numbers are asked for
np.cumsum(x)  # it adds up from one {k} to the next: each stands alone
"""

# What an error message says to a student, by a part of it; the first that fits is told.
ERRORS = """
'NoneType'  # something is None: a `return` is missing, or a method changes its object in place?
no attribute 'history'  # the argument is the dict `history.history` itself
KeyError  # which dict is asked here, and has it this key, or not yet?
'list' and ; and 'list'  # lists have no arithmetic: make arrays of them, or go along them
matmul ; not aligned  # look at the order of the two factors and at their shapes
broadcast  # look at the shapes of what you combine
same_kind  # an integer array cannot hold fractions: make a float array first
truth value  # `if`, `and`, `max` and `min` ask for one value, `{ops}.maximum` for arrays
0-dimensional ; length-1 arrays  # `math` and `float` take one number: NumPy's functions take arrays
list index out of range  # does a loop go one step too far, or is a length written in?
out of bounds  # are rows and columns swapped, is an axis too many, or is a size written in?
only integer scalar arrays  # `{ops}.max` looks in one array, `{ops}.maximum` compares two
empty sequence ; empty iterable  # nothing was collected: is a name or a number written in?
to unpack  # how many parts has what is taken apart?
cannot reshape  # is a size written in, or the number of images counted in?
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
no function  # this is no function, its type is {type}: give the check your function's name alone.
arguments  # the number of its arguments is {given} and should be {number}: {asked}.
blank  # still blank: write your answer in the function's body.
order  # the arguments are taken in another order than the task's, {asked}.
compared  # a comparison stands on a line of its own: `=` gives a name, `==` compares.
not kept  # what `{what}` gives stands on a line of its own and is not kept: give it a name.
None kept  # `{what}` changes its object in place and returns None, and this None is kept.
changed  # it changes its input, `{what}`, in place ({where}): make something new.
changed, list copied  # it changes its input, `{what}`, in place ({where}): a copied list holds
    # the same arrays, make new ones.
changed, view  # it changes its input, `{what}`, in place ({where}): an array's `[:]` is no copy.
None  # it returned None ({where}): forgot `return`, or is there none for this case?
too slow  # no answer after {seconds} seconds ({where}): is there a loop that never ends?
constant  # it gives {what} for every input tried: does it depend on `{first}`?
not the argument  # it does not depend on `{first}`: is a number, or another array, written in?
no part  # `{what}` makes no difference to what comes back: is a number written in?
notebook variable  # it uses `{what}`, a variable of the notebook: use the arguments, {all}.
not finite  # it returns NaN or infinity ({where}): look for log(0), 0/0, or an overflow.
arrays  # it returns {given} arrays and {number} are asked for.
empty  # it is empty ({where}): does the loop run, is the result made anew in each step?
one number  # {shapes}: is `return` inside a loop, or is all of it put together?
shape alone  # {shapes}: the values are right.
dropped  # {shapes}: does a selection drop some, or does a loop leave them out?
how many  # {shapes}: there are too many or too few.
an axis more  # {shapes}: is a sum missing, or are several things returned?
flat  # {shapes}: a selection by True and False gives one flat row.
shape  # {shapes}: look at the axis you work along.
a factor  # it is right but for a factor of {what}: is a number missing, or one too many?
right on the simplest  # it is right on the simplest example, but not here: {where}. Is
    # something left out that plays no part in the simplest, or a number written in?
right for one number  # it is right {what} only: is a number written in?
right for one alone  # it is right for a single {what} only: are several mixed, or their number
    # counted?
an entry missing  # an entry is missing ({where}): is `return` inside the loop?
keys  # the keys are not the right ones ({where}).
no number  # an entry is no number ({where}): a number alone is asked for.
by hand  # {what} not right ({where}): compute a small example by hand and compare.
"""
