"""Reward for gantry-crane.

Functions made of functions, one for each stretch of the rail, and the nearest of what is ahead.

Task: Bring a hanging load to a mark and let it come to rest.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    obs["trolley"] (batch,), m: Trolley position
    obs["swing"] (batch,), rad: Angle of the rope from the vertical
    obs["swingRate"] (batch,), rad/s
    next_obs["trolley"] (batch,), m: Trolley position
    next_obs["swing"] (batch,), rad: Angle of the rope from the vertical
    next_obs["swingRate"] (batch,), rad/s
    next_obs["mark"] (batch,), m

Components: calm, pull, stretch, damping. The total is their sum.
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
    fade: float = 1.2,
    pull: float = 0.5,
    stretch: float = 0.1,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype(
        [
            obs["trolley"],
            obs["swing"],
            obs["swingRate"],
            next_obs["trolley"],
            next_obs["swing"],
            next_obs["swingRate"],
            next_obs["mark"],
        ],
    )
    obs_trolley = obs["trolley"]
    obs_swing = obs["swing"]
    obs_swing_rate = obs["swingRate"]
    trolley = next_obs["trolley"]
    swing = next_obs["swing"]
    swing_rate = next_obs["swingRate"]
    mark = next_obs["mark"]
    sign_ = sign(mark - trolley)
    ahead = (-4.0 - trolley) * sign_
    not_ahead_above_0 = ~(ahead > 0.0)
    ahead2 = (-1.5 - trolley) * sign_
    condition = (ahead2 > 0.0) & (not_ahead_above_0 | (ahead2 < ahead))
    ahead3 = (0.0 - trolley) * sign_
    condition2 = ~condition & not_ahead_above_0
    chosen = torch.where(condition, ahead2, ahead)
    condition3 = (ahead3 > 0.0) & (condition2 | (ahead3 < chosen))
    ahead4 = (1.5 - trolley) * sign_
    condition4 = ~condition3 & condition2
    chosen2 = torch.where(condition3, ahead3, chosen)
    condition5 = (ahead4 > 0.0) & (condition4 | (ahead4 < chosen2))
    ahead5 = (4.0 - trolley) * sign_
    condition6 = ~condition5 & condition4
    chosen3 = torch.where(condition5, ahead4, chosen2)
    condition7 = (ahead5 > 0.0) & (condition6 | (ahead5 < chosen3))
    damping = (
        0.5 * torch.square(obs_swing_rate)
        + 1.0
        - torch.cos(obs_swing)
        - (0.5 * torch.square(swing_rate) + 1.0 - torch.cos(swing))
    )
    half_life = math.log(2.0) / 0.5
    value = torch.tensor([-4.0, -1.5, 0.0, 1.5], dtype=dtype, device=terminated.device)
    value2 = torch.tensor([-1.5, 0.0, 1.5, 4.0], dtype=dtype, device=terminated.device)
    value3 = torch.tensor([1.0, 2.0, 3.0, 4.0], dtype=dtype, device=terminated.device)
    components = {
        "calm": (
            torch.exp(-half_life * (fade * torch.abs(swing)))
            * torch.exp(-half_life * (fade * torch.abs(swing_rate)))
        ),
        "pull": torch.where(
            ~condition7 & condition6,
            0.0,
            divide(pull, 1.0 + torch.where(condition7, ahead5, chosen3)),
        ),
        "stretch": choose(
            add_up(
                torch.where(
                    (trolley[..., None] >= value) & (trolley[..., None] < value2), value3, 0.0
                ),
            )
            != add_up(
                torch.where(
                    (obs_trolley[..., None] >= value) & (obs_trolley[..., None] < value2),
                    value3,
                    0.0,
                ),
            ),
            stretch,
            0.0,
            dtype,
        ),
        "damping": torch.where(torch.isfinite(damping), torch.clamp(damping, min=0.0), 0.0),
    }
    total = components["calm"] + components["pull"] + components["stretch"] + components["damping"]
    return total, components


def sign(x: torch.Tensor) -> torch.Tensor:
    """-1, 0 or 1; zeros keep their sign and NaN stays NaN."""
    return torch.where((x < 0.0) | (x > 0.0), torch.sign(x), x)


def divide(a: float, b: torch.Tensor) -> torch.Tensor:
    """a / b, rounded once: a number over a tensor would be the number times a reciprocal."""
    return torch.full_like(b, a) / b


def add_up(v: torch.Tensor) -> torch.Tensor:
    """Sum over the last axis; in double precision first entry first, as the sandbox adds."""
    if v.dtype == torch.float64 or v.shape[-1] < 8:
        return torch.cumsum(v, dim=-1)[..., -1]
    return torch.sum(v, dim=-1)


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
