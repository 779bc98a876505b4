"""Reward for table-arm.

Records, spreads and computed names: one component for each segment of the arm.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    action (batch, 6)
    next_obs["block"] (batch, 3), m
    next_obs["grip"] (batch,), N
    next_obs["holding"] (batch,), boolean

Components: lift, shoulderEffort, elbowEffort, wristEffort, squeeze. The total is their sum.
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
    shoulder: float = 0.02,
    elbow: float = 0.01,
    wrist: float = 0.005,
    lift: float = 1.0,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    block = next_obs["block"]
    grip = next_obs["grip"]
    holding = next_obs["holding"].to(torch.bool)
    values = action[..., :2]
    values2 = action[..., 2:4]
    values3 = action[..., 4:]
    height = block[..., 2]
    table_height = 0.1
    reach = 0.9
    lift2 = torch.where(holding, torch.clamp((height - table_height) / reach, 0.0, 1.0), 0.0)
    components = {
        "lift": lift * lift2,
        "shoulderEffort": -shoulder * (add_up(values * values) / 2.0),
        "elbowEffort": -elbow * (add_up(values2 * values2) / 2.0),
        "wristEffort": -wrist * (add_up(values3 * values3) / 2.0),
        "squeeze": torch.where(grip > 20.0, -(grip - 20.0) / 10.0, 0.0),
    }
    total = (
        components["lift"]
        + components["shoulderEffort"]
        + components["elbowEffort"]
        + components["wristEffort"]
        + components["squeeze"]
    )
    return total, components


def add_up(v: torch.Tensor) -> torch.Tensor:
    """Sum over the last axis; in double precision first entry first, as the sandbox adds."""
    if v.dtype == torch.float64 or v.shape[-1] < 8:
        return torch.cumsum(v, dim=-1)[..., -1]
    return torch.sum(v, dim=-1)


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
