"""Reward for gantry-crane.

Every function of Math that a reward may use.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["swingRate"] (batch,), rad/s
    next_obs["rope"] (batch,), m

Components: round, roots, turns, logs, bent, rest, powers, finite. The total is their sum.
"""

import json
import math
import sys
from typing import Dict, List, Tuple

import torch


def reward(
    obs: Dict[str, torch.Tensor],
    action: torch.Tensor,
    next_obs: Dict[str, torch.Tensor],
    terminated: torch.Tensor,
    truncated: torch.Tensor,
    base: float = 1.5,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype(
        [next_obs["trolley"], next_obs["swing"], next_obs["swingRate"], next_obs["rope"]]
    )
    x = next_obs["trolley"]
    a = next_obs["swing"]
    w = next_obs["swingRate"]
    r = next_obs["rope"]
    round_ = round_half_up(x) + torch.floor(w) + torch.ceil(a) + torch.trunc(x * w)
    roots = torch.sqrt(r) + cbrt(x) + hypot(x, w) + hypot_of([x, a, r])
    term = a / 2.0
    turns = (
        torch.sin(x)
        + torch.cos(a)
        + torch.tan(a)
        + torch.asin(term)
        + torch.acos(term)
        + torch.atan(x)
    )
    logs = (
        torch.log(r)
        + torch.log2(r)
        + torch.log10(r)
        + torch.log1p(r)
        + torch.expm1(a)
        + torch.exp(-r)
    )
    bent = (
        torch.sinh(a)
        + torch.cosh(a)
        + torch.tanh(w)
        + torch.asinh(x)
        + torch.acosh(1.0 + r)
        + torch.atanh(term)
    )
    rest = (
        sign(x)
        + torch.abs(w)
        + torch.maximum(torch.maximum(x, a), w)
        - torch.minimum(torch.minimum(x, a), w)
        + torch.atan2(w, x)
        + x.to(torch.float32).to(dtype)
    )
    powers = (
        torch.pow(x, 3.0)
        + power(torch.full_like(terminated, base, dtype=dtype), x)
        + power(r, a)
        + torch.fmod(x, r)
    )
    finite = choose(torch.isfinite(x / w) & ~torch.isnan(a), 1.0, 0.0, dtype)
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


def round_half_up(x: torch.Tensor) -> torch.Tensor:
    """Nearest whole number; halves go up, and what rounds to zero keeps its sign."""
    below = torch.floor(x)
    return torch.copysign(torch.where(x - below >= 0.5, below + 1.0, below), x)


def cbrt(x: torch.Tensor) -> torch.Tensor:
    """Cube root: a power, made exact to the last places by one step of Halley's method."""
    size = torch.abs(x)
    root = torch.pow(size, 1.0 / 3.0)
    other = size / root
    better = root - root * ((root * root - other) / (2.0 * root * root + other))
    root = torch.where((root > 0.0) & (root < math.inf), better, root)
    return torch.copysign(root, x)


def hypot(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Length of (a, b), scaled by the larger one so that it neither overflows nor vanishes."""
    x, y = torch.abs(a), torch.abs(b)
    larger = torch.maximum(x, y)
    u, v = x / larger, y / larger
    length = torch.where(larger == 0.0, 0.0, torch.sqrt(u * u + v * v) * larger)
    return torch.where(torch.isinf(x) | torch.isinf(y), math.inf, length)


def hypot_of(entries: List[torch.Tensor]) -> torch.Tensor:
    """Length of a vector, scaled by its largest entry, summed with compensation (Kahan)."""
    largest = torch.abs(entries[0])
    infinite = torch.isinf(entries[0])
    for entry in entries[1:]:
        largest = torch.maximum(largest, torch.abs(entry))
        infinite = infinite | torch.isinf(entry)
    total = torch.zeros_like(largest)
    rest = torch.zeros_like(largest)
    for entry in entries:
        ratio = torch.abs(entry) / largest
        term = ratio * ratio - rest
        following = total + term
        rest = (following - total) - term
        total = following
    length = torch.where(largest == 0.0, 0.0, torch.sqrt(total) * largest)
    return torch.where(infinite, math.inf, length)


def sign(x: torch.Tensor) -> torch.Tensor:
    """-1, 0 or 1; zeros keep their sign and NaN stays NaN."""
    return torch.where((x < 0.0) | (x > 0.0), torch.sign(x), x)


def power(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """a to the b; NaN where b is NaN, or infinite while a is 1 or -1, as in JavaScript."""
    undefined = torch.isnan(b) | ((torch.abs(a) == 1.0) & torch.isinf(b))
    return torch.where(undefined, math.nan, torch.pow(a, b))


def choose(test: torch.Tensor, yes: float, no: float, dtype: torch.dtype) -> torch.Tensor:
    """One of two numbers in the given dtype; torch.where would round both to the default one."""
    return torch.full(test.shape, no, dtype=dtype, device=test.device).masked_fill_(test, yes)


def float_dtype(fields: List[torch.Tensor]) -> torch.dtype:
    """The dtype of the fields; one of whole numbers would round the constants of the reward."""
    for field in fields:
        if not field.is_floating_point():
            raise TypeError(
                "fields must be floating tensors: convert whole numbers, as by .float()"
            )
    return fields[0].dtype


def is_close(got, expected, scale):
    """Whether two numbers agree up to the last places of Python's and JavaScript's mathematics.

    Terms of the size of scale that cancel leave a number smaller than their own last places.
    """
    if got == expected or (got != got and expected != expected):
        return True
    return abs(got - expected) <= 1e-9 * max(abs(expected), scale, 1e-300) < float("inf")


def numbers(value):
    """A value of a parity file, in which JSON spells NaN and the infinities as text."""
    return [numbers(each) for each in value] if isinstance(value, list) else float(value)


def columns(values):
    """Rows of a parity file as tensors of double precision."""
    if isinstance(values[0], dict):
        return {name: columns([value[name] for value in values]) for name in values[0]}
    if isinstance(values[0], bool):
        return torch.tensor(values)
    return torch.tensor(numbers(values), dtype=torch.float64)


def check_parity(path):
    """Runs the rows of a parity file; returns their number and what differs."""
    with open(path, encoding="utf-8") as file:
        episodes = json.load(file)["episodes"]
    rows = 0
    faults = []
    for batch in zip(*episodes):
        given = columns([row["input"] for row in batch])
        step = [given[name] for name in ("obs", "action", "next", "terminated", "truncated")]
        total, components = reward(*step)
        for index, row in enumerate(batch):
            found = {name: values[index].item() for name, values in components.items()}
            found["total"] = total[index].item()
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
