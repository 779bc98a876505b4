"""The benchmark's six rewards as one would write them in NumPy by hand; `tasks.ts` has the same formulas."""

import numpy as np


def cartpole(obs, action, next_obs, terminated, truncated):
    x, v = next_obs["cartPosition"], next_obs["cartVelocity"]
    angle, w = next_obs["poleAngle"], next_obs["poleVelocity"]
    out = (np.abs(x) > 3.0) | (np.abs(angle) > np.pi / 2)
    components = {
        "upright": np.where(out, 0.0, 1.0 - angle * angle),
        "cart": np.where(out, 0.0, -0.01 * np.abs(v)),
        "pole": np.where(out, 0.0, -0.005 * np.abs(w)),
        "fall": np.where(out, -2.0, 0.0),
    }
    return sum(components.values()), components


def ant(obs, action, next_obs, terminated, truncated):
    projection = next_obs["headingProjection"]
    heading = np.where(projection > 0.8, 0.5, 0.5 * projection / 0.8)
    up = np.where(next_obs["upProjection"] > 0.93, 0.1, 0.0)
    action_cost = np.sum(action**2, axis=-1)
    energy = np.sum(np.abs(action * next_obs["jointVelocities"]), axis=-1)
    limits = np.sum(next_obs["jointPositions"] > 0.99, axis=-1)
    progress = next_obs["potential"] - obs["potential"]
    total = progress + 0.5 + up + heading - 0.005 * action_cost - 0.05 * energy - 0.1 * limits
    total = np.where(next_obs["torsoHeight"] < 0.31, -2.0, total)
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
    heading = np.where(projection > 0.8, 0.5, 0.5 * projection / 0.8)
    up = np.where(next_obs["upProjection"] > 0.93, 0.1, 0.0)
    action_cost = np.sum(action**2, axis=-1)
    energy = np.sum(np.abs(action * next_obs["jointVelocities"]), axis=-1)
    limits = np.sum(np.maximum(np.abs(next_obs["jointPositions"]) - 0.98, 0.0) / 0.02, axis=-1)
    spin = np.linalg.norm(next_obs["angularVelocity"], axis=-1)
    progress = next_obs["potential"] - obs["potential"]
    total = progress + 2.0 + up + heading - 0.01 * action_cost - 0.05 * energy - 0.25 * limits - 0.02 * spin
    total = np.where(next_obs["torsoHeight"] < 0.8, -1.0, total)
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
    t = 2.0 * np.cross(u, v)
    return v + w * t + np.cross(u, t)


def quadcopter(obs, action, next_obs, terminated, truncated):
    far = np.linalg.norm(next_obs["target"] - next_obs["position"], axis=-1)
    position = 1.0 / (1.0 + far * far)
    up = rotate(next_obs["orientation"], np.array([[0.0, 0.0, 1.0]]))
    tilt = np.abs(1.0 - up[:, 2])
    spin = np.abs(next_obs["angularVelocity"][:, 2])
    components = {
        "position": position,
        "upright": position / (1.0 + tilt * tilt),
        "spinning": position / (1.0 + spin * spin),
        "effort": -0.01 * np.sum(action**2, axis=-1),
    }
    return sum(components.values()), components


def franka_cabinet(obs, action, next_obs, terminated, truncated):
    d = np.linalg.norm(next_obs["graspPosition"] - next_obs["handlePosition"], axis=-1)
    reach = 1.0 / (1.0 + d * d)
    reach = reach * reach
    reach = np.where(d <= 0.02, 2.0 * reach, reach)
    forward = rotate(next_obs["graspOrientation"], np.array([[0.0, 0.0, 1.0]]))
    inward = rotate(next_obs["handleOrientation"], np.array([[-1.0, 0.0, 0.0]]))
    aligned = np.sum(forward * inward, axis=-1)
    height = next_obs["handlePosition"][:, 2]
    around = np.where((next_obs["leftFinger"][:, 2] > height) & (next_obs["rightFinger"][:, 2] < height), 1.0, 0.0)
    drawer = next_obs["drawer"]
    components = {
        "reach": 2.0 * reach,
        "turn": 0.5 * (0.5 * np.sign(aligned) * aligned**2),
        "around": 0.25 * around,
        "open": 7.5 * (drawer * around + drawer),
        "effort": -0.01 * np.sum(action**2, axis=-1),
        "bonus": np.where(drawer > 0.39, 2.0, np.where(drawer > 0.2, 1.0, np.where(drawer > 0.01, 0.5, 0.0))),
    }
    return sum(components.values()), components


def multiply(a, b):
    aw, ax, ay, az = a[:, 0], a[:, 1], a[:, 2], a[:, 3]
    bw, bx, by, bz = b[:, 0], b[:, 1], b[:, 2], b[:, 3]
    return np.stack(
        [
            aw * bw - ax * bx - ay * by - az * bz,
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
        ],
        axis=-1,
    )


def shadow_hand(obs, action, next_obs, terminated, truncated):
    far = np.linalg.norm(next_obs["objectPosition"] - next_obs["goalPosition"], axis=-1)
    conjugate = next_obs["goalOrientation"] * np.array([1.0, -1.0, -1.0, -1.0])
    difference = multiply(next_obs["objectOrientation"], conjugate)
    angle = 2.0 * np.arcsin(np.minimum(np.linalg.norm(difference[:, 1:], axis=-1), 1.0))
    components = {
        "distance": -10.0 * far,
        "rotation": 1.0 / (np.abs(angle) + 0.1),
        "actions": -0.0002 * np.sum(action**2, axis=-1),
        "bonus": np.where(np.abs(angle) <= 0.1, 250.0, 0.0),
        "fall": np.where(far >= 0.24, -50.0, 0.0),
    }
    return sum(components.values()), components
