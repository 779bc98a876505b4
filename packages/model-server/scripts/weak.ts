import type { BehaviourInput } from '../src/behaviour.ts';
import type { ChatRequest } from '../src/request.ts';
import { read } from './reading.ts';

let asked = 0;

const text = (said: string): BehaviourInput => ({ kind: 'text', text: said });
const fenced = (code: string, language = 'python') => `\`\`\`${language}\n${code}\n\`\`\``;

const python = `def reward(obs, action, next_obs):
    import numpy as np
    position, velocity = next_obs
    r_height = np.sin(3 * position)
    r_speed = abs(velocity) * 10.0
    return r_height + r_speed, {"height": r_height, "speed": r_speed}`;

const same = `export function reward({ next }) {
  return { position: next.position };
}`;

const unbounded = `export function reward({ next }) {
  let total = 0;
  while (total < next.position * 1e9) total += 1;
  return { total };
}`;

/** Ways in which small models answer a designer's prompt, one after the other. */
const designs: readonly ((request: ChatRequest) => BehaviourInput)[] = [
  () =>
    text(
      `Sure! Here is a reward function in Python:\n\n${fenced(python)}\n\nThis rewards height and speed. Let me know if you want changes!`,
    ),
  () => text(`{"thought": "I pay the position.", "programs": ["${same.replaceAll('\n', '\\n')}"]}`),
  () => text('{"thought": "I will think about velocity and then about position, since the car'),
  () => text(JSON.stringify({ reasoning: 'speed is good', code: same })),
  () => text(JSON.stringify({ thought: 'A list of lines.', programs: [same.split('\n')] })),
  () =>
    text(
      `The reward should encourage the car to go up the hill. The agent gets a positive reward for velocity and a negative reward for time.`,
    ),
  () => text(JSON.stringify({ thought: same, programs: [] })),
  () =>
    text(JSON.stringify({ thought: '', programs: ['Reward the velocity of the car, and give a bonus at the flag.'] })),
  () =>
    text(
      `<think>I should use velocity... or position?</think>\nThought: speed\n\n${fenced(same, 'javascript')}\n\n${fenced('npm install', 'sh')}`,
    ),
  () => text(JSON.stringify({ thought: 'loop', programs: [unbounded] })),
  () =>
    text(
      `Thought: misspelt\n\n${fenced('export function reward({ next }) {\n  return { speed: Math.abs(next.vel), goal: next.position > env.goal ? 1 : 0 };\n}', 'js')}`,
    ),
  () => ({
    kind: 'text',
    text: 'I am still thinking about the energy of the car. The energy is',
    finishReason: 'length',
  }),
  () =>
    text(
      JSON.stringify({
        thought: 'Speed.',
        programs: [
          `export function reward({ next }) {\n  return { speed: ${10 + asked} * next.velocity * next.velocity, position: next.position };\n}`,
        ],
      }),
    ),
  () => text(''),
  () => text(JSON.stringify({ answer: { thought: 'nested', programs: [same] } })),
  () => text(JSON.stringify([{ thought: 'in a list', programs: [same] }])),
  () =>
    text(
      `export function reward({ next }) {\n  return { bare: Math.abs(next.velocity) * ${asked} + next.position };\n}`,
    ),
];

const reviews: readonly string[] = [
  'Looks good to me! The reward is well designed.',
  JSON.stringify({
    components: [],
    findings: [{ kind: 'bad', severity: 'fatal', line: 'two', component: null, evidence: '', advice: '' }],
  }),
  JSON.stringify({
    components: [],
    findings: [
      {
        kind: 'wrong-sign',
        severity: 'error',
        line: 99,
        component: 'nothing',
        evidence: 'it is wrong',
        advice: 'fix it',
      },
    ],
  }),
  JSON.stringify({ findings: [] }),
  JSON.stringify({ components: [], findings: [] }),
];

const summaries: readonly string[] = [
  'The agent did not learn. Try more training.',
  JSON.stringify({
    causes: [{ finding: 'the first', cause: 'bad reward', advice: 'better reward' }],
    summary: 'Improve the reward.',
  }),
  JSON.stringify({ causes: [{ finding: 'F99', cause: 'bad', advice: 'good' }], summary: '' }),
  JSON.stringify({ causes: [], summary: 'ok' }),
];

const counts = { designer: 0, critic: 0, analyzer: 0 };

/** A small model: prose, Python, wrong shapes, half answers, the same again; now and then something that can be used. */
export default function weak(request: ChatRequest): BehaviourInput {
  asked += 1;
  const { role } = read(request);
  const turn = counts[role];
  counts[role] += 1;
  switch (role) {
    case 'critic':
      return text(reviews[turn % reviews.length] ?? '');
    case 'analyzer':
      return text(summaries[turn % summaries.length] ?? '');
    case 'designer':
      return (designs[turn % designs.length] ?? (() => text('')))(request);
  }
}
