import { Environment } from '@rewardsmith/contracts';

/** A trolley with a swinging load: scalars and a discrete action. */
export const crane = Environment.parse({
  name: 'gantry-crane',
  description: 'Bring a hanging load to a mark and let it come to rest.',
  observation: [
    { name: 'trolley', shape: [], unit: 'm', low: -5, high: 5, description: 'Trolley position' },
    { name: 'trolleySpeed', shape: [], unit: 'm/s', low: -2, high: 2 },
    { name: 'swing', shape: [], unit: 'rad', low: -1.2, high: 1.2, description: 'Angle of the rope from the vertical' },
    { name: 'swingRate', shape: [], unit: 'rad/s', low: -3, high: 3 },
    { name: 'mark', shape: [], unit: 'm', low: -4, high: 4 },
    { name: 'rope', shape: [], unit: 'm', low: 0.5, high: 6 },
    { name: 'hooked', shape: [], unit: 'boolean', low: 0, high: 1 },
    { name: 'touching', shape: [], unit: 'boolean', low: 0, high: 1 },
  ],
  action: { kind: 'discrete', n: 4, names: ['idle', 'left', 'right', 'release'] },
  constants: { gravity: 9.81, railHalf: 5, restSpeed: 0.05, costs: [0, 0.2, 0.2, 1] },
  maxEpisodeSteps: 400,
});

/** An arm over a table: vectors, quaternions, flags and a continuous action. */
export const arm = Environment.parse({
  name: 'table-arm',
  description: 'Pick a block up and set it down upright on a target.',
  observation: [
    { name: 'joints', shape: [6], unit: 'rad', low: -2.6, high: 2.6, description: 'Joint angles, base first' },
    { name: 'jointSpeeds', shape: [6], unit: 'rad/s', low: -4, high: 4 },
    { name: 'hand', shape: [3], unit: 'm', low: -1, high: 1 },
    { name: 'block', shape: [3], unit: 'm', low: -1, high: 1 },
    { name: 'target', shape: [3], unit: 'm', low: -1, high: 1 },
    { name: 'blockTurn', shape: [4], unit: 'quaternion', low: -1, high: 1 },
    { name: 'targetTurn', shape: [4], unit: 'quaternion', low: -1, high: 1 },
    { name: 'range', shape: [10], unit: 'm', low: 0, high: 3, description: 'Proximity beams around the hand' },
    { name: 'touch', shape: [2], unit: 'flag', low: 0, high: 1 },
    { name: 'grip', shape: [], unit: 'N', low: 0, high: 30 },
    { name: 'holding', shape: [], unit: 'boolean', low: 0, high: 1 },
    { name: 'lastAction', shape: [6], unit: '1', low: -1, high: 1 },
  ],
  action: { kind: 'continuous', shape: [6], low: -1, high: 1 },
  constants: {
    dt: 0.02,
    tableHeight: 0.1,
    reach: 0.9,
    gears: [50, 50, 40, 20, 20, 10],
    limits: [2.6, 2, 2.6, 2, 2.6, 3],
  },
  maxEpisodeSteps: 300,
});
