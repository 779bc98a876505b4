"""Reward for gantry-crane.

Phases by name: what pays depends on the phase, and a change of phase pays by where it came from.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    action (batch,)
    obs["trolley"] (batch,), m: Trolley position
    obs["swing"] (batch,), rad: Angle of the rope from the vertical
    obs["mark"] (batch,), m
    obs["hooked"] (batch,), boolean
    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["trolleySpeed"] (batch,), m/s
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["swingRate"] (batch,), rad/s
    next_obs["mark"] (batch,), m
    next_obs["hooked"] (batch,), boolean
    next_obs["touching"] (batch,), boolean

Components: phase, change, push, touch, known, heard. The total is their sum.
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
    pace: float = 0.4,
    settle: float = 0.7,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype(
        [
            obs["trolley"],
            obs["swing"],
            obs["mark"],
            next_obs["trolley"],
            next_obs["trolleySpeed"],
            next_obs["swing"],
            next_obs["swingRate"],
            next_obs["mark"],
        ],
    )
    action = action.to(dtype)
    obs_trolley = obs["trolley"]
    obs_swing = obs["swing"]
    obs_mark = obs["mark"]
    obs_hooked = obs["hooked"].to(torch.bool)
    next_trolley = next_obs["trolley"]
    trolley_speed = next_obs["trolleySpeed"]
    next_swing = next_obs["swing"]
    swing_rate = next_obs["swingRate"]
    next_mark = next_obs["mark"]
    next_hooked = next_obs["hooked"].to(torch.bool)
    touching = next_obs["touching"].to(torch.bool)
    not_next_hooked = ~next_hooked
    condition = torch.abs(next_swing) > 0.3
    condition2 = torch.abs(next_trolley - next_mark) < 0.2
    action_is_0 = action == 0.0
    action_is_1 = action == 1.0
    action_is_2 = action == 2.0
    condition3 = ~condition
    condition4 = next_hooked & condition3 & condition2
    condition5 = not_next_hooked | condition | condition2
    value = torch.tensor([0.0, 1.0, 2.0], dtype=dtype, device=terminated.device)
    components = {
        "phase": torch.where(
            not_next_hooked,
            -0.1,
            torch.where(
                condition,
                -torch.abs(swing_rate) * settle,
                torch.where(condition2, 1.0, pace * torch.abs(trolley_speed)),
            ),
        ),
        "change": torch.where(
            ~obs_hooked,
            0.0,
            torch.where(
                torch.abs(obs_swing) > 0.3,
                choose(condition5, 0.0, 0.5, dtype),
                torch.where(
                    torch.abs(obs_trolley - obs_mark) < 0.2,
                    choose(condition5, 0.0, -1.0, dtype),
                    choose(condition4, 1.0, 0.0, dtype),
                ),
            ),
        ),
        "push": (
            torch.where(
                ~torch.any(action[..., None] == value, dim=-1),
                0.3,
                torch.where(
                    action_is_0,
                    0.0,
                    torch.where(action_is_1, -1.0, choose(action_is_2, 1.0, math.nan, dtype)),
                ),
            )
            * sign(next_mark - next_trolley)
        ),
        "touch": torch.where(
            touching & next_hooked,
            0.2,
            torch.where(
                touching, choose(next_hooked, 7.0, 8.0, dtype), choose(next_hooked, 8.0, 9.0, dtype)
            )
            * 0.01,
        ),
        "known": (condition4 | next_hooked & condition3 & ~condition2).to(dtype),
        "heard": torch.where(
            ~action_is_0 & ~action_is_1 & ~action_is_2 & (action == 3.0),
            choose(condition4, 2.0, -2.0, dtype),
            choose(action_is_0, 0.01, -0.01, dtype),
        ),
    }
    total = (
        components["phase"]
        + components["change"]
        + components["push"]
        + components["touch"]
        + components["known"]
        + components["heard"]
    )
    return total, components


def choose(test: torch.Tensor, yes: float, no: float, dtype: torch.dtype) -> torch.Tensor:
    """One of two numbers in the given dtype; torch.where would round both to the default one."""
    return torch.full(test.shape, no, dtype=dtype, device=test.device).masked_fill_(test, yes)


def sign(x: torch.Tensor) -> torch.Tensor:
    """-1, 0 or 1; zeros keep their sign and NaN stays NaN."""
    return torch.where((x < 0.0) | (x > 0.0), torch.sign(x), x)


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
