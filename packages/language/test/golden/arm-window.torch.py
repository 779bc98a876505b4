"""Reward for table-arm.

Beams within a window that may be tuned, and shares of a sum that may be nothing.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    action (batch, 6)
    next_obs["range"] (batch, 10), m: Proximity beams around the hand
    next_obs["touch"] (batch, 2), flag
    next_obs["grip"] (batch,), N
    next_obs["holding"] (batch,), boolean

Components: blocked, behind, spread, even, grasp. The total is their sum.
"""

import json
import sys
from typing import Dict, List, Tuple

import torch


def reward(
    obs: Dict[str, torch.Tensor],
    action: torch.Tensor,
    next_obs: Dict[str, torch.Tensor],
    terminated: torch.Tensor,
    truncated: torch.Tensor,
    window: float = 4.0,
    skip: float = 1.0,
    near: float = 0.5,
    spread: float = 0.1,
    even: float = 0.2,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype([action, next_obs["range"], next_obs["grip"]])
    range_ = next_obs["range"]
    touch = next_obs["touch"].to(dtype)
    grip = next_obs["grip"]
    holding = next_obs["holding"].to(torch.bool)
    trunc = torch.trunc(torch.full_like(terminated, window, dtype=dtype))
    value = torch.tensor(
        [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0], dtype=dtype, device=terminated.device
    )
    condition = value < (trunc + choose(trunc < 0.0, 10.0, 0.0, dtype))[..., None]
    trunc2 = torch.trunc(torch.full_like(terminated, skip - 6.0, dtype=dtype))
    value2 = torch.tensor(
        [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], dtype=dtype, device=terminated.device
    )
    condition2 = ~(value2 < (trunc2 + choose(trunc2 < 0.0, 10.0, 0.0, dtype))[..., None])
    blocked = torch.sum(condition & (range_ < near), dim=-1, dtype=dtype)
    total_ = add_up(range_)
    shares = torch.where((total_ > 0.0)[..., None], range_ / total_[..., None], 0.0)
    spread2 = add_up(-torch.where(shares > 0.0, shares * torch.log(shares), 0.0))
    effort = norm(action)
    part = action / effort[..., None]
    even2 = torch.where((effort > 0.1)[..., None], part * part, 0.0)
    a = touch[..., 0]
    b = touch[..., 1]
    b2 = grip / 30.0
    condition3 = a - b > 0.0
    a2 = torch.where(condition3, b, a)
    a3 = torch.where(condition3, a, b)
    condition4 = a3 - b2 > 0.0
    b3 = torch.where(condition4, b2, a3)
    middle = torch.where(condition4, a3, b2)
    low = torch.where(a2 - b3 > 0.0, a2, b3)
    subtotal = add_up(condition2.to(dtype))
    components = {
        "blocked": -blocked / torch.clamp(torch.sum(condition, dim=-1, dtype=dtype), min=1.0),
        "behind": torch.where(
            subtotal > 0.0, add_up(torch.where(condition2, range_[..., :9], 0.0)) / subtotal, 0.0
        ),
        "spread": spread * spread2,
        "even": -even * torch.amax(even2, dim=-1),
        "grasp": torch.where(holding, middle - low, 0.0),
    }
    total = (
        components["blocked"]
        + components["behind"]
        + components["spread"]
        + components["even"]
        + components["grasp"]
    )
    return total, components


def choose(test: torch.Tensor, yes: float, no: float, dtype: torch.dtype) -> torch.Tensor:
    """One of two numbers in the given dtype; torch.where would round both to the default one."""
    return torch.full(test.shape, no, dtype=dtype, device=test.device).masked_fill_(test, yes)


def add_up(v: torch.Tensor) -> torch.Tensor:
    """Sum over the last axis; in double precision first entry first, as the sandbox adds."""
    if v.dtype == torch.float64 or v.shape[-1] < 8:
        return torch.cumsum(v, dim=-1)[..., -1]
    return torch.sum(v, dim=-1)


def dot(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return add_up(a * b)


def norm(v: torch.Tensor) -> torch.Tensor:
    return torch.sqrt(dot(v, v))


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
