import { boundAt, type Environment, fieldSize, ObservationField } from '@rewardsmith/contracts';
import type { Random } from '../random.ts';
import { uniform } from '../random.ts';
import type { Simulator } from '../simulator.ts';
import { Mechanism } from './mechanism.ts';

/** A body that moves in the vertical plane: its root slides along x and z and pitches, in this order of joints. */
export interface PlanarBody {
  /** The joints that motors turn, in the model's order. */
  readonly joints: readonly string[];
  /** Range of every joint in rad. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Feet with a touch sensor each, in the model's order. */
  readonly feet: readonly string[];
}

/** Soft joint limits give way by no more than this, in rad, before the reading saturates. */
const GIVE = 0.3;

/** The fields of a planar body, in the order in which `PlanarSimulator` writes them. */
export function planarFields({ joints, ranges, feet }: PlanarBody): ObservationField[] {
  const scalar = (name: string, unit: string, description: string) => ({ name, shape: [], unit, description });
  return [
    scalar('height', 'm', 'Height of the torso above the ground'),
    {
      ...scalar('pitch', 'rad', 'Angle of the torso from its upright rest, positive leans forward; held at the bounds'),
      low: -Math.PI,
      high: Math.PI,
    },
    {
      name: 'jointAngles',
      shape: [joints.length],
      unit: 'rad',
      low: ranges.map(([low]) => low - GIVE),
      high: ranges.map(([, high]) => high + GIVE),
      description: `Angles of ${joints.join(', ')}; held at the bounds`,
    },
    scalar('forwardVelocity', 'm/s', 'Velocity of the torso along x, positive forward'),
    scalar('verticalVelocity', 'm/s', 'Velocity of the torso upwards'),
    scalar('pitchVelocity', 'rad/s', 'Angular velocity of the torso, positive forward'),
    {
      name: 'jointVelocities',
      shape: [joints.length],
      unit: 'rad/s',
      description: `Angular velocities of ${joints.join(', ')}`,
    },
    {
      name: 'footContact',
      shape: [feet.length],
      unit: 'flag',
      low: 0,
      high: 1,
      description: `Whether the ground is touched by the ${feet.join(', the ')}`,
    },
    scalar('distance', 'm', 'Way made forward since the start'),
  ].map((field) => ObservationField.parse(field));
}

/** What policies see of a planar body: everything but how far it has come. */
export const planarPolicyFields = [
  'height',
  'pitch',
  'jointAngles',
  'forwardVelocity',
  'verticalVelocity',
  'pitchVelocity',
  'jointVelocities',
];

export interface PlanarSettings {
  readonly mjcf: string;
  readonly substeps: number;
  /** Height of the torso in the model's initial state, in m. */
  readonly restHeight: number;
  /** Whether the body has fallen, from the torso's height and pitch; the episode ends then. */
  readonly fallen: (height: number, pitch: number) => boolean;
}

const ROOT = 3;
const NOISE = 0.02;

/** Reads a planar body's fields from MuJoCo's state; starts at rest with a little noise. */
export class PlanarSimulator implements Simulator {
  readonly observation: Float64Array;
  readonly #mechanism: Mechanism;
  readonly #settings: PlanarSettings;
  readonly #low: Float64Array;
  readonly #high: Float64Array;

  constructor({ observation }: Environment, settings: PlanarSettings) {
    const bounds = observation.flatMap((field) =>
      Array.from({ length: fieldSize(field) }, (_, index) => [
        boundAt(field.low, index) ?? Number.NEGATIVE_INFINITY,
        boundAt(field.high, index) ?? Number.POSITIVE_INFINITY,
      ]),
    );
    this.#low = Float64Array.from(bounds, ([low = 0]) => low);
    this.#high = Float64Array.from(bounds, ([, high = 0]) => high);
    this.observation = new Float64Array(bounds.length);
    this.#settings = settings;
    this.#mechanism = new Mechanism(settings.mjcf, settings.substeps);
  }

  reset(random: Random): void {
    this.#mechanism.reset();
    const { qpos, qvel } = this.#mechanism;
    for (let index = 1; index < qpos.length; index += 1) qpos[index] = uniform(random, -NOISE, NOISE);
    for (let index = 0; index < qvel.length; index += 1) qvel[index] = uniform(random, -NOISE, NOISE);
    this.#mechanism.settle();
    this.#observe();
  }

  /** A state that is no longer finite ends the episode with the last reading that was. */
  step(action: Float64Array): boolean {
    if (!this.#mechanism.advance(action)) return true;
    this.#observe();
    const { qpos } = this.#mechanism;
    return this.#settings.fallen(this.observation[0] ?? 0, qpos[2] ?? 0);
  }

  #observe(): void {
    const { observation } = this;
    const { qpos, qvel, sensordata } = this.#mechanism;
    const joints = qpos.length - ROOT;
    observation[0] = this.#settings.restHeight + (qpos[1] ?? 0);
    observation[1] = qpos[2] ?? 0;
    for (let joint = 0; joint < joints; joint += 1) observation[2 + joint] = qpos[ROOT + joint] ?? 0;
    const velocities = 2 + joints;
    for (let index = 0; index < qvel.length; index += 1) observation[velocities + index] = qvel[index] ?? 0;
    const contacts = velocities + qvel.length;
    for (let foot = 0; foot < sensordata.length; foot += 1) {
      observation[contacts + foot] = (sensordata[foot] ?? 0) > 0 ? 1 : 0;
    }
    observation[contacts + sensordata.length] = qpos[0] ?? 0;
    for (let index = 0; index < observation.length; index += 1) {
      const value = observation[index] ?? 0;
      observation[index] = Math.min(Math.max(value, this.#low[index] ?? value), this.#high[index] ?? value);
    }
  }
}
