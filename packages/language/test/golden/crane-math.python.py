"""Reward for gantry-crane.

Every function of Math that a reward may use.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Reads:

    next_obs["trolley"] scalar, m: Trolley position
    next_obs["swing"] scalar, rad: Angle of the rope from the vertical
    next_obs["swingRate"] scalar, rad/s
    next_obs["rope"] scalar, m

Components: round, roots, turns, logs, bent, rest, powers, finite. The total is their sum.
"""

import json
import math
import struct
import sys

PARAMS = {
    "base": 1.5,
}


def reward(obs, action, next_obs, terminated, truncated, params=PARAMS):
    x = float(next_obs["trolley"])
    a = float(next_obs["swing"])
    w = float(next_obs["swingRate"])
    r = float(next_obs["rope"])
    round_ = round_half_up(x) + floor(w) + ceil(a) + trunc(x * w)
    roots = sqrt(r) + cbrt(x) + hypot(x, w) + hypot(x, a, r)
    term = a / 2.0
    turns = sin(x) + cos(a) + tan(a) + asin(term) + acos(term) + math.atan(x)
    logs = log(r) + log2(r) + log10(r) + log1p(r) + expm1(a) + exp(-r)
    bent = sinh(a) + cosh(a) + math.tanh(w) + math.asinh(x) + acosh(1.0 + r) + atanh(term)
    rest = sign(x) + abs(w) + maximum(x, a, w) - minimum(x, a, w) + math.atan2(w, x) + fround(x)
    powers = power(x, 3.0) + power(params["base"], x) + power(r, a) + remainder(x, r)
    finite = 1.0 if math.isfinite(divide(x, w)) and not math.isnan(a) else 0.0
    components = {
        "round": round_,
        "roots": roots,
        "turns": turns,
        "logs": logs,
        "bent": bent,
        "rest": rest,
        "powers": powers,
        "finite": finite,
    }
    total = (
        components["round"]
        + components["roots"]
        + components["turns"]
        + components["logs"]
        + components["bent"]
        + components["rest"]
        + components["powers"]
        + components["finite"]
    )
    return total, components


def round_half_up(x):
    """Nearest whole number; halves go up."""
    if not math.isfinite(x):
        return x
    below = float(math.floor(x))
    return math.copysign(below + 1.0 if x - below >= 0.5 else below, x)


def floor(x):
    return math.copysign(float(math.floor(x)), x) if math.isfinite(x) else x


def ceil(x):
    return math.copysign(float(math.ceil(x)), x) if math.isfinite(x) else x


def trunc(x):
    return math.copysign(float(math.trunc(x)), x) if math.isfinite(x) else x


def sqrt(x):
    return math.sqrt(x) if x >= 0.0 else math.nan


def cbrt(x):
    """Cube root: a power, corrected by one step of Halley's method."""
    size = abs(x)
    if not 0.0 < size < math.inf:
        return x
    root = size ** (1.0 / 3.0)
    other = size / root
    root -= root * ((root * root - other) / (2.0 * root * root + other))
    return math.copysign(root, x)


def maximum(*values):
    """Largest value; NaN when one of them is NaN."""
    largest = -math.inf
    for value in values:
        if value != value:
            return math.nan
        if value > largest or (value == largest == 0.0 and math.copysign(1.0, value) > 0.0):
            largest = value
    return largest


def hypot(*entries):
    """Length of a vector, scaled by its largest entry, summed with compensation (Kahan)."""
    sizes = [abs(entry) for entry in entries]
    if math.inf in sizes:
        return math.inf
    largest = maximum(0.0, *sizes)
    if not largest > 0.0:
        return largest
    total = rest = 0.0
    for size in sizes:
        ratio = size / largest
        term = ratio * ratio - rest
        following = total + term
        rest = (following - total) - term
        total = following
    return math.sqrt(total) * largest


def sin(x):
    return math.sin(x) if math.isfinite(x) else math.nan


def cos(x):
    return math.cos(x) if math.isfinite(x) else math.nan


def tan(x):
    return math.tan(x) if math.isfinite(x) else math.nan


def asin(x):
    return math.asin(x) if -1.0 <= x <= 1.0 else math.nan


def acos(x):
    return math.acos(x) if -1.0 <= x <= 1.0 else math.nan


def log(x):
    if x > 0.0:
        return math.log(x)
    return -math.inf if x == 0.0 else math.nan


def log2(x):
    if x > 0.0:
        return math.log2(x)
    return -math.inf if x == 0.0 else math.nan


def log10(x):
    if x > 0.0:
        return math.log10(x)
    return -math.inf if x == 0.0 else math.nan


def log1p(x):
    if x > -1.0:
        return math.log1p(x)
    return -math.inf if x == -1.0 else math.nan


def expm1(x):
    try:
        return math.expm1(x)
    except OverflowError:
        return math.inf


def exp(x):
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def sinh(x):
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(math.inf, x)


def cosh(x):
    try:
        return math.cosh(x)
    except OverflowError:
        return math.inf


def acosh(x):
    return math.acosh(x) if x >= 1.0 else math.nan


def atanh(x):
    if -1.0 < x < 1.0:
        return math.atanh(x)
    return math.copysign(math.inf, x) if abs(x) == 1.0 else math.nan


def sign(x):
    return x if x == 0.0 or x != x else math.copysign(1.0, x)


def minimum(*values):
    """Smallest value; NaN when one of them is NaN."""
    smallest = math.inf
    for value in values:
        if value != value:
            return math.nan
        if value < smallest or (value == smallest == 0.0 and math.copysign(1.0, value) < 0.0):
            smallest = value
    return smallest


def fround(x):
    """Nearest single-precision number."""
    try:
        return struct.unpack("f", struct.pack("f", x))[0]
    except OverflowError:
        return math.copysign(math.inf, x)


def power(a, b):
    """a to the b; NaN where JavaScript says so and where there is no real result."""
    if b != b or (abs(a) == 1.0 and math.isinf(b)):
        return math.nan
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0.0 and math.fmod(b, 2.0) != 0.0 else math.inf
    except ValueError:
        if a != 0.0:
            return math.nan
        odd = math.fmod(b, 2.0) != 0.0 and math.floor(b) == b
        return math.copysign(math.inf, a) if odd else math.inf


def remainder(a, b):
    """What is left of a divided by b, with the sign of a."""
    if math.isfinite(a) and b != 0.0:
        return math.fmod(a, b)
    return math.nan


def divide(a, b):
    """a / b in IEEE arithmetic: dividing by zero gives an infinity or NaN."""
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)


def is_close(got, expected, scale):
    """Whether two numbers agree up to the last places of Python's and JavaScript's mathematics.

    Terms of the size of scale that cancel leave a number smaller than their own last places.
    """
    if got == expected or (got != got and expected != expected):
        return True
    return abs(got - expected) <= 1e-9 * max(abs(expected), scale, 1e-300) < float("inf")


def numbers(value):
    """A value of a parity file, in which JSON spells NaN and the infinities as text."""
    if isinstance(value, dict):
        return {name: numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [numbers(each) for each in value]
    return float(value) if isinstance(value, str) else value


def check_parity(path):
    """Runs the rows of a parity file; returns their number and what differs."""
    with open(path, encoding="utf-8") as file:
        episodes = json.load(file)["episodes"]
    rows = 0
    faults = []
    for episode in episodes:
        for row in episode:
            given = numbers(row["input"])
            step = [given[name] for name in ("obs", "action", "next", "terminated", "truncated")]
            total, components = reward(*step)
            found = {**components, "total": total}
            for name, got in found.items():
                expected = float(row["total"] if name == "total" else row["components"][name])
                if not is_close(got, expected, row.get("scale", {}).get(name, 0.0)):
                    faults.append(f"row {rows}: {name} is {got!r}, expected {expected!r}")
            rows += 1
    return rows, faults


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} PARITY.json")
    count, differences = check_parity(sys.argv[1])
    for difference in differences:
        print(difference)
    print(f"{count} rows, {len(differences)} differences")
    sys.exit(1 if differences else 0)
