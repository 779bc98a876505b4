"""Reward for table-arm.

The turn that is left, about which axis, and how upright the block stands.

Task: Pick a block up and set it down upright on a target.

Call once per step of all environments, on any device and in any floating dtype:

    total, components = reward(obs, action, next_obs, terminated, truncated)

Numbers that may be tuned are keyword arguments. Scripts and compiles as it is:

    reward = torch.jit.script(reward)  # or torch.compile(reward)

Reads:

    next_obs["blockTurn"] (batch, 4), quaternion
    next_obs["targetTurn"] (batch, 4), quaternion

Components: turn, upright, axis, check. The total is their sum.
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
    turn: float = 1.0,
    upright: float = 0.5,
    axis: float = 0.1,
) -> Tuple[torch.Tensor, Dict[str, torch.Tensor]]:
    dtype = float_dtype([next_obs["blockTurn"], next_obs["targetTurn"]])
    up = torch.tensor([0.0, 0.0, 1.0], dtype=dtype, device=terminated.device)
    block_turn = next_obs["blockTurn"]
    target_turn = next_obs["targetTurn"]
    quat_normalize_value = quat_normalize(block_turn)
    q = quat_mul(quat_normalize(target_turn), quat_conjugate(quat_normalize_value))
    # q and -q are the same rotation
    q2 = torch.where((q[..., 0] < 0.0)[..., None], -q, q)
    w = q2[..., 0]
    x = q2[..., 1]
    y = q2[..., 2]
    z = q2[..., 3]
    half = hypot_of([x, y, z])
    angle = 2.0 * torch.atan2(half, w)
    up2 = quat_rotate(quat_normalize_value, up)
    sideways = norm(cross(up2, up))
    back = quat_mul(quat_inverse(block_turn), block_turn)
    components = {
        "turn": turn * torch.exp(-torch.abs(wrap_angle(angle))),
        "upright": upright * dot(up2, up) - 0.1 * sideways,
        "axis": axis * torch.abs(torch.where(half > 1e-9, z / half, 1.0)),
        "check": back[..., 0] - 1.0,
    }
    total = components["turn"] + components["upright"] + components["axis"] + components["check"]
    return total, components


def add_up(v: torch.Tensor) -> torch.Tensor:
    """Sum over the last axis; in double precision first entry first, as the sandbox adds."""
    if v.dtype == torch.float64 or v.shape[-1] < 8:
        return torch.cumsum(v, dim=-1)[..., -1]
    return torch.sum(v, dim=-1)


def dot(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return add_up(a * b)


def norm(v: torch.Tensor) -> torch.Tensor:
    return torch.sqrt(dot(v, v))


def quat_normalize(q: torch.Tensor) -> torch.Tensor:
    return q / norm(q)[..., None]


def quat_conjugate(q: torch.Tensor) -> torch.Tensor:
    return torch.cat([q[..., :1], -q[..., 1:]], dim=-1)


def quat_mul(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Hamilton product of quaternions w, x, y, z: first b, then a."""
    aw, ax, ay, az = torch.unbind(a, dim=-1)
    bw, bx, by, bz = torch.unbind(b, dim=-1)
    w = aw * bw - ax * bx - ay * by - az * bz
    x = aw * bx + ax * bw + ay * bz - az * by
    y = aw * by - ax * bz + ay * bw + az * bx
    z = aw * bz + ax * by - ay * bx + az * bw
    return torch.stack([w, x, y, z], dim=-1)


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


def cross(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    ax, ay, az = torch.unbind(a, dim=-1)
    bx, by, bz = torch.unbind(b, dim=-1)
    return torch.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], dim=-1)


def quat_rotate(q: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    """v turned by the unit quaternion q = (w, u): v + 2 w (u x v) + 2 u x (u x v)."""
    u = q[..., 1:]
    turned = 2.0 * cross(u, v)
    return v + q[..., :1] * turned + cross(u, turned)


def quat_inverse(q: torch.Tensor) -> torch.Tensor:
    return quat_conjugate(q) / dot(q, q)[..., None]


def wrap_angle(angle: torch.Tensor) -> torch.Tensor:
    """The same angle in (-pi, pi]."""
    return angle - 2.0 * math.pi * torch.ceil((angle - math.pi) / (2.0 * math.pi))


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
