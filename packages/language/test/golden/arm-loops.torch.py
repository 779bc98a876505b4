"""Reward for table-arm.

Costs that are summed over joints and beams, written as loops.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    action (batch, 6)
    next_obs["joints"] (batch, 6), rad: Joint angles, base first
    next_obs["jointSpeeds"] (batch, 6), rad/s
    next_obs["range"] (batch, 10), m: Proximity beams around the hand
    next_obs["lastAction"] (batch, 6)

Components: power, limits, smooth, clear, pose. The total is their sum.
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
    power_: float = 0.001,
    limits: float = 0.2,
    smooth: float = 0.05,
    clear: float = 0.4,
    near: float = 0.3,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype(
        [
            action,
            next_obs["joints"],
            next_obs["jointSpeeds"],
            next_obs["range"],
            next_obs["lastAction"],
        ],
    )
    rest_pose = vector([0.0, -0.6, 1.2, 0.0, 0.5, 0.0], dtype, terminated.device)
    joints = next_obs["joints"]
    joint_speeds = next_obs["jointSpeeds"]
    range_ = next_obs["range"]
    last_action = next_obs["lastAction"]
    gears = torch.tensor(
        [50.0, 50.0, 40.0, 20.0, 20.0, 10.0], dtype=dtype, device=terminated.device
    )
    value = vector(
        [2.3400000000000003, 1.8, 2.3400000000000003, 1.8, 2.3400000000000003, 2.7],
        dtype,
        terminated.device,
    )
    excess = torch.abs(joints) - value
    range_0 = range_[..., 0]
    range_0_above_1 = range_0 > 1.0
    blocked = choose(range_0_above_1 | (range_0 > 0.5), 0.0, 1.0, dtype)
    range_1 = range_[..., 1]
    range_1_above_1 = range_1 > 1.0
    blocked2 = torch.where(range_1_above_1 | (range_1 > 0.5), blocked, blocked + 0.5)
    range_2 = range_[..., 2]
    range_2_above_1 = range_2 > 1.0
    blocked3 = torch.where(
        range_2_above_1 | (range_2 > 0.5), blocked2, blocked2 + 0.3333333333333333
    )
    range_3 = range_[..., 3]
    range_3_above_1 = range_3 > 1.0
    blocked4 = torch.where(range_3_above_1 | (range_3 > 0.5), blocked3, blocked3 + 0.25)
    range_4 = range_[..., 4]
    range_4_above_1 = range_4 > 1.0
    blocked5 = torch.where(range_4_above_1 | (range_4 > 0.5), blocked4, blocked4 + 0.2)
    range_5 = range_[..., 5]
    range_5_above_1 = range_5 > 1.0
    blocked6 = torch.where(
        range_5_above_1 | (range_5 > 0.5), blocked5, blocked5 + 0.16666666666666666
    )
    range_6 = range_[..., 6]
    range_6_above_1 = range_6 > 1.0
    blocked7 = torch.where(
        range_6_above_1 | (range_6 > 0.5), blocked6, blocked6 + 0.14285714285714285
    )
    range_7 = range_[..., 7]
    range_7_above_1 = range_7 > 1.0
    blocked8 = torch.where(range_7_above_1 | (range_7 > 0.5), blocked7, blocked7 + 0.125)
    range_8 = range_[..., 8]
    range_8_above_1 = range_8 > 1.0
    blocked9 = torch.where(
        range_8_above_1 | (range_8 > 0.5), blocked8, blocked8 + 0.1111111111111111
    )
    range_9 = range_[..., 9]
    blocked10 = torch.where(
        range_5_above_1,
        blocked6,
        torch.where(
            range_6_above_1,
            blocked7,
            torch.where(
                range_7_above_1,
                blocked8,
                torch.where(
                    range_8_above_1 | (range_9 > 1.0) | (range_9 > 0.5), blocked9, blocked9 + 0.1
                ),
            ),
        ),
    )
    blocked11 = torch.where(
        range_1_above_1,
        blocked2,
        torch.where(
            range_2_above_1,
            blocked3,
            torch.where(
                range_3_above_1, blocked4, torch.where(range_4_above_1, blocked5, blocked10)
            ),
        ),
    )
    pose = torch.sqrt(add_up(torch.square(joints - rest_pose)))
    components = {
        "power": -power_ * add_up(torch.abs(action * joint_speeds) * gears),
        "limits": -limits * add_up(torch.where(excess > 0.0, excess, 0.0)),
        "smooth": -smooth * add_up(torch.square(action - last_action)),
        "clear": -clear * torch.where(range_0_above_1, blocked, blocked11),
        "pose": -near * pose,
    }
    total = (
        components["power"]
        + components["limits"]
        + components["smooth"]
        + components["clear"]
        + components["pose"]
    )
    return total, components


def vector(values: List[float], dtype: torch.dtype, device: torch.device) -> torch.Tensor:
    """Numbers as a tensor; in a script, torch.tensor would round them to single precision."""
    if torch.jit.is_scripting():
        return torch.stack([torch.full([], value, dtype=dtype, device=device) for value in values])
    return torch.tensor(values, dtype=dtype, device=device)


def choose(test: torch.Tensor, yes: float, no: float, dtype: torch.dtype) -> torch.Tensor:
    """One of two numbers in the given dtype; torch.where would round both to the default one."""
    return torch.full(test.shape, no, dtype=dtype, device=test.device).masked_fill_(test, yes)


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
