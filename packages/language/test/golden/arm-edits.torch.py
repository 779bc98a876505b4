"""Reward for table-arm.

New vectors may be changed where they stand; fields may not.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    action (batch, 6)
    next_obs["joints"] (batch, 6), rad: Joint angles, base first
    next_obs["hand"] (batch, 3), m
    next_obs["block"] (batch, 3), m
    next_obs["target"] (batch, 3), m
    next_obs["range"] (batch, 10), m: Proximity beams around the hand
    next_obs["grip"] (batch,), N
    next_obs["holding"] (batch,), boolean

Components: error, same, pair, axis, ranked, arms, back. The total is their sum.
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
    lift: float = 2.0,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype(
        [
            action,
            next_obs["joints"],
            next_obs["hand"],
            next_obs["block"],
            next_obs["target"],
            next_obs["range"],
            next_obs["grip"],
        ],
    )
    joints = next_obs["joints"]
    hand = next_obs["hand"]
    block = next_obs["block"]
    target = next_obs["target"]
    range_ = next_obs["range"]
    grip = next_obs["grip"]
    holding = next_obs["holding"].to(torch.bool)
    error = hand - target
    term = error[..., 2] * lift
    chosen = torch.where(holding, 0.0, error[..., 0])
    term2 = error[..., 1] + 0.5
    axis = cross(hand, block)
    range_0 = range_[..., 0]
    range_1 = range_[..., 1]
    range_2 = range_[..., 2]
    range_3 = range_[..., 3]
    range_4 = range_[..., 4]
    range_5 = range_[..., 5]
    range_6 = range_[..., 6]
    range_7 = range_[..., 7]
    range_8 = range_[..., 8]
    range_9 = range_[..., 9]
    condition = range_1 - range_0 > 0.0
    a = torch.where(condition, range_1, range_0)
    a2 = torch.where(condition, range_0, range_1)
    condition2 = range_3 - range_2 > 0.0
    b = torch.where(condition2, range_3, range_2)
    a3 = torch.where(condition2, range_2, range_3)
    condition3 = range_5 - range_4 > 0.0
    b2 = torch.where(condition3, range_5, range_4)
    a4 = torch.where(condition3, range_4, range_5)
    condition4 = range_7 - range_6 > 0.0
    b3 = torch.where(condition4, range_7, range_6)
    a5 = torch.where(condition4, range_6, range_7)
    condition5 = range_9 - range_8 > 0.0
    b4 = torch.where(condition5, range_9, range_8)
    b5 = torch.where(condition5, range_8, range_9)
    condition6 = b - a2 > 0.0
    b6 = torch.where(condition6, b, a2)
    a6 = torch.where(condition6, a2, b)
    condition7 = b2 - a3 > 0.0
    b7 = torch.where(condition7, b2, a3)
    a7 = torch.where(condition7, a3, b2)
    condition8 = b3 - a4 > 0.0
    b8 = torch.where(condition8, b3, a4)
    a8 = torch.where(condition8, a4, b3)
    condition9 = b4 - a5 > 0.0
    b9 = torch.where(condition9, b4, a5)
    a9 = torch.where(condition9, a5, b4)
    condition10 = b6 - a > 0.0
    a10 = torch.where(condition10, b6, a)
    a11 = torch.where(condition10, a, b6)
    condition11 = b7 - a6 > 0.0
    b10 = torch.where(condition11, b7, a6)
    a12 = torch.where(condition11, a6, b7)
    condition12 = b8 - a7 > 0.0
    b11 = torch.where(condition12, b8, a7)
    a13 = torch.where(condition12, a7, b8)
    condition13 = b9 - a8 > 0.0
    b12 = torch.where(condition13, b9, a8)
    a14 = torch.where(condition13, a8, b9)
    b13 = torch.where(b5 - a9 > 0.0, b5, a9)
    condition14 = b10 - a11 > 0.0
    b14 = torch.where(condition14, b10, a11)
    a15 = torch.where(condition14, a11, b10)
    condition15 = b11 - a12 > 0.0
    b15 = torch.where(condition15, b11, a12)
    a16 = torch.where(condition15, a12, b11)
    condition16 = b12 - a13 > 0.0
    b16 = torch.where(condition16, b12, a13)
    a17 = torch.where(condition16, a13, b12)
    b17 = torch.where(b13 - a14 > 0.0, b13, a14)
    condition17 = b14 - a10 > 0.0
    a18 = torch.where(condition17, b14, a10)
    a19 = torch.where(condition17, a10, b14)
    condition18 = b15 - a15 > 0.0
    b18 = torch.where(condition18, b15, a15)
    a20 = torch.where(condition18, a15, b15)
    condition19 = b16 - a16 > 0.0
    b19 = torch.where(condition19, b16, a16)
    a21 = torch.where(condition19, a16, b16)
    b20 = torch.where(b17 - a17 > 0.0, b17, a17)
    condition20 = b18 - a19 > 0.0
    b21 = torch.where(condition20, b18, a19)
    a22 = torch.where(condition20, a19, b18)
    condition21 = b19 - a20 > 0.0
    b22 = torch.where(condition21, b19, a20)
    a23 = torch.where(condition21, a20, b19)
    b23 = torch.where(b20 - a21 > 0.0, b20, a21)
    condition22 = b21 - a18 > 0.0
    a24 = torch.where(condition22, b21, a18)
    a25 = torch.where(condition22, a18, b21)
    condition23 = b22 - a22 > 0.0
    b24 = torch.where(condition23, b22, a22)
    a26 = torch.where(condition23, a22, b22)
    b25 = torch.where(b23 - a23 > 0.0, b23, a23)
    condition24 = b24 - a25 > 0.0
    b26 = torch.where(condition24, b24, a25)
    a27 = torch.where(condition24, a25, b24)
    b27 = torch.where(b25 - a26 > 0.0, b25, a26)
    condition25 = b26 - a24 > 0.0
    a28 = torch.where(condition25, a24, b26)
    b28 = torch.where(b27 - a27 > 0.0, b27, a27)
    term3 = torch.where(condition25, b26, a24) - torch.where(b28 - a28 > 0.0, b28, a28)
    arms = torch.where((grip > 5.0)[..., None], action * 2.0, action)
    turned = -block
    term4 = turned[..., 2] * 0.5
    turned_0 = turned[..., 0]
    block_0_above_0 = block[..., 0] > 0.0
    components = {
        "error": torch.sqrt(chosen * chosen + term2 * term2 + term * term),
        "same": term2 - term2,
        "pair": joints[..., 0] + 1.0 + joints[..., 1] + 2.0,
        "axis": -axis[..., 0] + axis[..., 2],
        "ranked": choose(torch.isnan(term3), 0.0, 1.0, dtype),
        "arms": arms[..., 0] + arms[..., 1] + arms[..., 2] + arms[..., 3] + arms[..., 4] + 0.25,
        "back": (
            torch.where(block_0_above_0, turned_0, term4)
            - torch.square(turned[..., 1])
            + torch.where(block_0_above_0, term4, turned_0)
        ),
    }
    total = (
        components["error"]
        + components["same"]
        + components["pair"]
        + components["axis"]
        + components["ranked"]
        + components["arms"]
        + components["back"]
    )
    return total, components


def cross(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    ax, ay, az = torch.unbind(a, dim=-1)
    bx, by, bz = torch.unbind(b, dim=-1)
    return torch.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], dim=-1)


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
