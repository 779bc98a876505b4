"""The benchmark's six rewards as one would write them in PyTorch by hand; `tasks.ts` has the same formulas."""

import math

import torch


def cartpole(obs, action, next_obs, terminated, truncated):
    x, v = next_obs["cartPosition"], next_obs["cartVelocity"]
    angle, w = next_obs["poleAngle"], next_obs["poleVelocity"]
    out = (torch.abs(x) > 3.0) | (torch.abs(angle) > math.pi / 2)
    components = {
        "upright": torch.where(out, 0.0, 1.0 - angle * angle),
        "cart": torch.where(out, 0.0, -0.01 * torch.abs(v)),
        "pole": torch.where(out, 0.0, -0.005 * torch.abs(w)),
        "fall": torch.where(out, -2.0, 0.0),
    }
    return sum(components.values()), components


def ant(obs, action, next_obs, terminated, truncated):
    projection = next_obs["headingProjection"]
    heading = torch.where(projection > 0.8, 0.5, 0.5 * projection / 0.8)
    up = torch.where(next_obs["upProjection"] > 0.93, 0.1, 0.0)
    action_cost = torch.sum(action**2, dim=-1)
    energy = torch.sum(torch.abs(action * next_obs["jointVelocities"]), dim=-1)
    limits = torch.sum(next_obs["jointPositions"] > 0.99, dim=-1)
    progress = next_obs["potential"] - obs["potential"]
    total = progress + 0.5 + up + heading - 0.005 * action_cost - 0.05 * energy - 0.1 * limits
    total = torch.where(next_obs["torsoHeight"] < 0.31, -2.0, total)
    return total, {
        "progress": progress,
        "heading": heading,
        "up": up,
        "actionCost": action_cost,
        "energy": energy,
        "limits": limits,
    }


def humanoid(obs, action, next_obs, terminated, truncated):
    projection = next_obs["headingProjection"]
    heading = torch.where(projection > 0.8, 0.5, 0.5 * projection / 0.8)
    up = torch.where(next_obs["upProjection"] > 0.93, 0.1, 0.0)
    action_cost = torch.sum(action**2, dim=-1)
    energy = torch.sum(torch.abs(action * next_obs["jointVelocities"]), dim=-1)
    limits = torch.sum(torch.clamp(torch.abs(next_obs["jointPositions"]) - 0.98, min=0.0) / 0.02, dim=-1)
    spin = torch.norm(next_obs["angularVelocity"], dim=-1)
    progress = next_obs["potential"] - obs["potential"]
    total = progress + 2.0 + up + heading - 0.01 * action_cost - 0.05 * energy - 0.25 * limits - 0.02 * spin
    total = torch.where(next_obs["torsoHeight"] < 0.8, -1.0, total)
    return total, {
        "progress": progress,
        "heading": heading,
        "up": up,
        "actionCost": action_cost,
        "energy": energy,
        "limits": limits,
        "spin": spin,
    }


def rotate(q, v):
    w, u = q[:, :1], q[:, 1:]
    t = 2.0 * torch.cross(u, v.expand_as(u), dim=-1)
    return v + w * t + torch.cross(u, t, dim=-1)


def quadcopter(obs, action, next_obs, terminated, truncated):
    far = torch.norm(next_obs["target"] - next_obs["position"], dim=-1)
    position = 1.0 / (1.0 + far * far)
    up = rotate(next_obs["orientation"], torch.tensor([[0.0, 0.0, 1.0]], dtype=action.dtype, device=action.device))
    tilt = torch.abs(1.0 - up[:, 2])
    spin = torch.abs(next_obs["angularVelocity"][:, 2])
    components = {
        "position": position,
        "upright": position / (1.0 + tilt * tilt),
        "spinning": position / (1.0 + spin * spin),
        "effort": -0.01 * torch.sum(action**2, dim=-1),
    }
    return sum(components.values()), components


def franka_cabinet(obs, action, next_obs, terminated, truncated):
    d = torch.norm(next_obs["graspPosition"] - next_obs["handlePosition"], dim=-1)
    reach = 1.0 / (1.0 + d * d)
    reach = reach * reach
    reach = torch.where(d <= 0.02, 2.0 * reach, reach)
    forward = rotate(
        next_obs["graspOrientation"], torch.tensor([[0.0, 0.0, 1.0]], dtype=action.dtype, device=action.device)
    )
    inward = rotate(
        next_obs["handleOrientation"], torch.tensor([[-1.0, 0.0, 0.0]], dtype=action.dtype, device=action.device)
    )
    aligned = torch.sum(forward * inward, dim=-1)
    height = next_obs["handlePosition"][:, 2]
    around = torch.where((next_obs["leftFinger"][:, 2] > height) & (next_obs["rightFinger"][:, 2] < height), 1.0, 0.0)
    drawer = next_obs["drawer"]
    components = {
        "reach": 2.0 * reach,
        "turn": 0.5 * (0.5 * torch.sign(aligned) * aligned**2),
        "around": 0.25 * around,
        "open": 7.5 * (drawer * around + drawer),
        "effort": -0.01 * torch.sum(action**2, dim=-1),
        "bonus": torch.where(drawer > 0.39, 2.0, torch.where(drawer > 0.2, 1.0, torch.where(drawer > 0.01, 0.5, 0.0))),
    }
    return sum(components.values()), components


def multiply(a, b):
    aw, ax, ay, az = a[:, 0], a[:, 1], a[:, 2], a[:, 3]
    bw, bx, by, bz = b[:, 0], b[:, 1], b[:, 2], b[:, 3]
    return torch.stack(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ],
        dim=-1,
    )


def shadow_hand(obs, action, next_obs, terminated, truncated):
    far = torch.norm(next_obs["objectPosition"] - next_obs["goalPosition"], dim=-1)
    conjugate = next_obs["goalOrientation"] * torch.tensor(
        [1.0, -1.0, -1.0, -1.0], dtype=action.dtype, device=action.device
    )
    difference = multiply(next_obs["objectOrientation"], conjugate)
    angle = 2.0 * torch.asin(torch.clamp(torch.norm(difference[:, 1:], dim=-1), max=1.0))
    components = {
        "distance": -10.0 * far,
        "rotation": 1.0 / (torch.abs(angle) + 0.1),
        "actions": -0.0002 * torch.sum(action**2, dim=-1),
        "bonus": torch.where(torch.abs(angle) <= 0.1, 250.0, 0.0),
        "fall": torch.where(far >= 0.24, -50.0, 0.0),
    }
    return sum(components.values()), components
