"""Compares functions of NumPy, PyTorch and Python with the values that JavaScript gave; prints the largest differences.

Also times fdlibm's formulas for sinh, tanh and log10, written over NumPy's expm1, exp and log, beside NumPy's own.
"""

import json
import math
import os
import sys
import timeit
import warnings

import numpy as np
import torch

warnings.simplefilter("ignore")
torch.set_num_threads(1)
directory, unary, binary = sys.argv[1], sys.argv[2].split(","), sys.argv[3].split(",")


def read(name):
    return np.fromfile(os.path.join(directory, name))


def place(a):
    """Doubles in order, as whole numbers: neighbours differ by 1."""
    bits = np.ascontiguousarray(a).view(np.int64)
    return np.where(bits >= 0, bits, -(bits & np.int64(0x7FFFFFFFFFFFFFFF)))


def compared(got, expected):
    numbers = np.isfinite(got) & np.isfinite(expected)
    off = np.abs(place(got[numbers]) - place(expected[numbers]))
    others = ~numbers & ~((got == expected) | (np.isnan(got) & np.isnan(expected)))
    return {"largest": int(off.max()), "above1": float((off > 1).mean()), "otherwise": int(others.sum())}


def plain(function, *columns):
    def one(*values):
        try:
            return function(*values)
        except OverflowError:
            return math.copysign(math.inf, values[0]) if function is math.sinh else math.inf
        except ValueError:
            return math.nan

    return np.array([one(*values) for values in zip(*(column.tolist() for column in columns))])


def tanh(x):
    a = np.abs(x)
    t = np.expm1(np.where(a >= 1.0, 2.0 * a, -2.0 * a))
    z = np.where(a >= 1.0, 1.0 - 2.0 / (t + 2.0), -t / (t + 2.0))
    return np.copysign(np.where(a < 2.0**-55, a, np.where(a >= 22.0, 1.0, z)), x)


def sinh(x):
    a = np.abs(x)
    t = np.expm1(a)
    z = np.where(a < 1.0, 0.5 * (2.0 * t - t * t / (t + 1.0)), 0.5 * (t + t / (t + 1.0)))
    w = np.exp(0.5 * a)
    z = np.where(a < 22.0, z, np.where(a < 709.78, 0.5 * np.exp(a), 0.5 * w * w))
    return np.copysign(np.where(a < 2.0**-28, a, z), x)


def log10(x):
    mantissa, exponent = np.frexp(x)
    k = exponent - 1
    below = (k < 0).astype(k.dtype)
    y = (k + below).astype(np.float64)
    return y * 3.69423907715893078616e-13 + 0.434294481903251816668 * np.log(np.ldexp(2.0 * mantissa, -below)) + y * (
        3.01029995663611771306e-01
    )


places = {}
x, y = read("x"), read("y")
for name in [*unary, *binary]:
    given = (x, y) if name in binary else (x,)
    expected = read(name)
    numpy_name = {"pow": "power"}.get(name, name)
    numpy_name = "arc" + name[1:] if name[0] == "a" and name != "abs" else numpy_name
    tensors = [torch.from_numpy(column) for column in given]
    places[name] = {
        "numpy": compared(getattr(np, numpy_name)(*given), expected),
        "torch": compared(getattr(torch, name)(*tensors).numpy(), expected),
    }
    if name != "pow":
        some = [column[:200_000] for column in given]
        places[name]["python"] = compared(plain(getattr(math, name), *some), expected[:200_000])

sample = np.abs(np.random.default_rng(1).normal(size=4096))
for function in (tanh, sinh, log10):
    name = function.__name__
    own = getattr(np, name)
    ratio = [
        min(timeit.repeat(lambda: function(sample), number=200, repeat=5))
        / min(timeit.repeat(lambda: own(sample), number=200, repeat=5))
        for _ in range(3)
    ]
    places[name]["fdlibm over numpy"] = {**compared(function(x), read(name)), "timesSlower": sorted(ratio)[1]}
print(json.dumps(places))
