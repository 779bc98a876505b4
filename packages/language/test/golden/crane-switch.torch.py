"""Reward for gantry-crane.

What an action is worth depends on where the load hangs.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    action (batch,)
    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["mark"] (batch,), m
    next_obs["touching"] (batch,), boolean

Components: worth, release. The total is their sum.
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
    push: float = 1.0,
    idle: float = 0.1,
    release: float = 5.0,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype([next_obs["trolley"], next_obs["mark"]])
    action = action.to(dtype)
    trolley = next_obs["trolley"]
    mark = next_obs["mark"]
    touching = next_obs["touching"].to(torch.bool)
    side = sign(trolley - mark)
    action_is_3 = action == 3.0
    condition = torch.abs(side) < 0.1
    action_is_0 = action == 0.0
    condition2 = action_is_3 & condition
    condition3 = ~(condition2 | action_is_0 & condition)
    components = {
        "worth": torch.where(
            action == 1.0,
            choose(side > 0.0, push, -push, dtype),
            torch.where(
                action == 2.0,
                choose(side < 0.0, push, -push, dtype),
                torch.where(
                    ~condition2 & action_is_3 | condition3 & action_is_0,
                    -idle,
                    choose(condition3, 0.0, idle, dtype),
                ),
            ),
        ),
        "release": torch.where(action_is_3, release * choose(touching, 1.0, -1.0, dtype), 0.0),
    }
    total = components["worth"] + components["release"]
    return total, components


def sign(x: torch.Tensor) -> torch.Tensor:
    """-1, 0 or 1; zeros keep their sign and NaN stays NaN."""
    return torch.where((x < 0.0) | (x > 0.0), torch.sign(x), x)


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
