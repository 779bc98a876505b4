"""Reward for gantry-crane.

Every shape of tolerance, multiplied as the control suite does.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["trolleySpeed"] (batch,), m/s
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["swingRate"] (batch,), rad/s
    next_obs["mark"] (batch,), m
    next_obs["rope"] (batch,), m

Components: near, hanging, slow, calm, short, low, middle, tame, inside. The total is its own
expression.
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
    margin: float = 0.8,
    end: float = 0.2,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    trolley = next_obs["trolley"]
    trolley_speed = next_obs["trolleySpeed"]
    swing = next_obs["swing"]
    swing_rate = next_obs["swingRate"]
    mark = next_obs["mark"]
    rope = next_obs["rope"]
    offset = trolley - mark
    near = tolerance_gaussian(offset, -0.1, 0.1, margin, 0.1)
    hanging = tolerance_cosine(swing, 0.0, 0.0, 0.6, 0.0)
    rest_speed = 0.05
    slow = tolerance_long_tail(trolley_speed, -rest_speed, rest_speed, 1.0, 0.1)
    calm = tolerance_hyperbolic(swing_rate, -0.2, 0.2, 2.0, end)
    short = tolerance_linear(rope, 0.0, 2.0, 3.0, 0.0)
    low = tolerance_quadratic(rope, 4.0, math.inf, 2.0, 0.1)
    middle = tolerance_reciprocal(trolley, -3.0, 3.0, 1.0, 0.1)
    tame = tolerance_tanh_squared(swing_rate * rope, -1.0, 1.0, 4.0, 0.1)
    rail_half = 5.0
    inside = tolerance_gaussian(trolley, -rail_half, rail_half, 0.0, 0.1)
    components = {
        "near": near,
        "hanging": hanging,
        "slow": slow,
        "calm": calm,
        "short": short,
        "low": low,
        "middle": middle,
        "tame": tame,
        "inside": inside,
    }
    total = near * (1.0 + hanging) * slow * inside / 2.0
    return total, components


def tolerance_gaussian(
    x: torch.Tensor, lower: float, upper: float, margin: float, value_at_margin: float
) -> torch.Tensor:
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = torch.where(x < lower, lower - x, x - upper) / margin
    s = d * math.sqrt(-2.0 * math.log(value_at_margin))
    value = torch.exp(-0.5 * s * s)
    return torch.where((x >= lower) & (x <= upper), 1.0, value)


def tolerance_cosine(
    x: torch.Tensor, lower: float, upper: float, margin: float, value_at_margin: float
) -> torch.Tensor:
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = torch.where(x < lower, lower - x, x - upper) / margin
    s = d * (math.acos(2.0 * value_at_margin - 1.0) / math.pi)
    value = torch.where(torch.abs(s) < 1.0, (1.0 + torch.cos(math.pi * s)) / 2.0, 0.0)
    return torch.where((x >= lower) & (x <= upper), 1.0, value)


def tolerance_long_tail(
    x: torch.Tensor, lower: float, upper: float, margin: float, value_at_margin: float
) -> torch.Tensor:
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = torch.where(x < lower, lower - x, x - upper) / margin
    s = d * math.sqrt(1.0 / value_at_margin - 1.0)
    value = 1.0 / (s * s + 1.0)
    return torch.where((x >= lower) & (x <= upper), 1.0, value)


def tolerance_hyperbolic(
    x: torch.Tensor, lower: float, upper: float, margin: float, value_at_margin: float
) -> torch.Tensor:
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = torch.where(x < lower, lower - x, x - upper) / margin
    value = 1.0 / torch.cosh(d * math.acosh(1.0 / value_at_margin))
    return torch.where((x >= lower) & (x <= upper), 1.0, value)


def tolerance_linear(
    x: torch.Tensor, lower: float, upper: float, margin: float, value_at_margin: float
) -> torch.Tensor:
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = torch.where(x < lower, lower - x, x - upper) / margin
    s = d * (1.0 - value_at_margin)
    value = torch.where(torch.abs(s) < 1.0, 1.0 - s, 0.0)
    return torch.where((x >= lower) & (x <= upper), 1.0, value)


def tolerance_quadratic(
    x: torch.Tensor, lower: float, upper: float, margin: float, value_at_margin: float
) -> torch.Tensor:
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = torch.where(x < lower, lower - x, x - upper) / margin
    s = d * math.sqrt(1.0 - value_at_margin)
    value = torch.where(torch.abs(s) < 1.0, 1.0 - s * s, 0.0)
    return torch.where((x >= lower) & (x <= upper), 1.0, value)


def tolerance_reciprocal(
    x: torch.Tensor, lower: float, upper: float, margin: float, value_at_margin: float
) -> torch.Tensor:
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = torch.where(x < lower, lower - x, x - upper) / margin
    value = 1.0 / (torch.abs(d) * (1.0 / value_at_margin - 1.0) + 1.0)
    return torch.where((x >= lower) & (x <= upper), 1.0, value)


def tolerance_tanh_squared(
    x: torch.Tensor, lower: float, upper: float, margin: float, value_at_margin: float
) -> torch.Tensor:
    """1 within the bounds, value_at_margin at distance margin (dm_control's tolerance)."""
    d = torch.where(x < lower, lower - x, x - upper) / margin
    s = torch.tanh(d * math.atanh(math.sqrt(1.0 - value_at_margin)))
    value = 1.0 - s * s
    return torch.where((x >= lower) & (x <= upper), 1.0, value)


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
