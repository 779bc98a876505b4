"""Reward for gantry-crane.

One stage at a time: pick up, carry, settle, release.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    action (batch,)
    obs["trolley"] (batch,), m: Trolley position
    obs["mark"] (batch,), m
    obs["hooked"] (batch,), boolean
    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["trolleySpeed"] (batch,), m/s
    next_obs["swingRate"] (batch,), rad/s
    next_obs["mark"] (batch,), m
    next_obs["rope"] (batch,), m
    next_obs["hooked"] (batch,), boolean
    next_obs["touching"] (batch,), boolean
    terminated (batch,)

Components: task, shaping, time. The total is their sum.
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
    pick_up: float = 1.0,
    carry: float = 2.0,
    settle: float = 0.5,
    release: float = 20.0,
    drop: float = 10.0,
    time: float = 0.01,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype(
        [
            obs["trolley"],
            obs["mark"],
            next_obs["trolley"],
            next_obs["trolleySpeed"],
            next_obs["swingRate"],
            next_obs["mark"],
            next_obs["rope"],
        ],
    )
    action = action.to(dtype)
    obs_trolley = obs["trolley"]
    obs_mark = obs["mark"]
    obs_hooked = obs["hooked"].to(torch.bool)
    next_trolley = next_obs["trolley"]
    trolley_speed = next_obs["trolleySpeed"]
    swing_rate = next_obs["swingRate"]
    next_mark = next_obs["mark"]
    rope = next_obs["rope"]
    next_hooked = next_obs["hooked"].to(torch.bool)
    touching = next_obs["touching"].to(torch.bool)
    terminated = terminated.to(torch.bool)
    time2 = -time
    not_next_hooked = ~next_hooked
    distance_to_mark = torch.abs(next_trolley - next_mark)
    # m
    near = 0.25
    distance_to_mark_above_near = distance_to_mark > near
    # The load came off somewhere else.
    condition = obs_hooked & not_next_hooked & distance_to_mark_above_near
    release2 = 3.0
    # Carry, but not faster than the rope can take.
    closing = torch.abs(obs_trolley - obs_mark) - distance_to_mark
    gravity = 9.81
    limit = torch.sqrt(gravity * rope) * 0.05
    still = 1.0 / (1.0 + torch.abs(swing_rate) + torch.abs(trolley_speed))
    components = {
        "task": torch.where(
            condition,
            -drop,
            torch.where(terminated, choose(action == release2, release, -drop, dtype), 0.0),
        ),
        "shaping": torch.where(
            condition,
            0.0,
            torch.where(
                terminated,
                0.0,
                torch.where(
                    not_next_hooked,
                    pick_up * choose(touching, 1.0, 0.2, dtype),
                    torch.where(
                        distance_to_mark_above_near,
                        carry * torch.minimum(torch.maximum(closing, -limit), limit),
                        settle * still,
                    ),
                ),
            ),
        ),
        "time": torch.full_like(terminated, time2, dtype=dtype),
    }
    total = components["task"] + components["shaping"] + components["time"]
    return total, components


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
