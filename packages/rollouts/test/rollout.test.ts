import { Environment } from '@rewardsmith/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rollout, readJsonl, rolloutLimits, rowAt, type StepRow } from '../src/index.ts';

const drone = Environment.parse({
  name: 'drone',
  observation: [
    { name: 'position', shape: [3], unit: 'm' },
    { name: 'landed', shape: [], unit: 'boolean' },
    { name: 'battery', shape: [], unit: '1', low: 0, high: 1 },
  ],
  action: { kind: 'continuous', shape: [2] },
  maxEpisodeSteps: 100,
});

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const fields = fc.record({
  position: fc.array(finite, { minLength: 3, maxLength: 3 }),
  landed: fc.boolean(),
  battery: finite,
});
const step: fc.Arbitrary<StepRow> = fc.record({
  obs: fields,
  action: fc.array(finite, { minLength: 2, maxLength: 2 }),
  next: fields,
  terminated: fc.boolean(),
  truncated: fc.boolean(),
});

describe('a sealed rollout', () => {
  it('refuses another episode and to be cleared', () => {
    const rollout = Rollout.allocate(drone, { steps: 2, episodes: 2 });
    rollout.steps = 1;
    rollout.endEpisode();
    expect(rollout.sealed).toBe(false);
    expect(rollout.seal().sealed).toBe(true);
    expect(() => rollout.endEpisode()).toThrow('sealed');
    expect(() => rollout.clear()).toThrow('sealed');
  });
});

function read(text: string): Rollout {
  const reading = readJsonl(drone, text);
  if (!reading.ok) throw new Error(JSON.stringify(reading.faults));
  return reading.rollout;
}

const example = (changes: Partial<StepRow> = {}): StepRow => ({
  obs: { position: [1, 2, 3], landed: false, battery: 0.5 },
  action: [0.1, -0.2],
  next: { position: [4, 5, 6], landed: true, battery: 0.4 },
  terminated: false,
  truncated: false,
  ...changes,
});
const jsonl = (rows: readonly StepRow[]) => rows.map((row) => JSON.stringify(row)).join('\n');

describe('Rollout', () => {
  it('lays obs, action, next and flags over one buffer in the shared order', () => {
    const rollout = Rollout.allocate(drone, { steps: 4, episodes: 2 });
    expect(rollout.columns).toHaveLength(5 + 2 + 5 + 2);
    for (const column of rollout.columns) expect(column.buffer).toBe(rollout.buffer);
    rollout.column({ role: 'next', field: 'position', index: 2 })[3] = 7;
    expect(rollout.columns[5 + 2 + 2]?.[3]).toBe(7);
  });

  it('finds every one of many columns without looking at all others each time', () => {
    const swarm = Environment.parse({
      name: 'swarm',
      observation: Array.from({ length: 16 }, (_, at) => ({ name: `bees${at}`, shape: [64], unit: 'm' })),
      action: { kind: 'discrete', n: 2 },
      maxEpisodeSteps: 10,
    });
    const rollout = Rollout.allocate(swarm, { steps: 1, episodes: 1 });
    const references = rollout.layout.map((reference) => ({ ...reference }));
    let looks = 0;
    for (const entry of rollout.layout) {
      const { role } = entry;
      const get = () => {
        looks += 1;
        return role;
      };
      Object.defineProperty(entry, 'role', { get });
    }
    expect(references.map((reference) => rollout.column(reference))).toEqual(rollout.columns);
    expect(looks).toBeLessThanOrEqual(2 * references.length);
  });

  it('names a column that does not exist', () => {
    const rollout = Rollout.allocate(drone, { steps: 1, episodes: 1 });
    expect(() => rollout.column({ role: 'obs', field: 'speed', index: 0 })).toThrow(/drone.*speed/);
  });

  it('refuses more episodes than it has room for', () => {
    const rollout = Rollout.allocate(drone, { steps: 4, episodes: 1 });
    rollout.steps = 2;
    rollout.endEpisode();
    expect(() => rollout.endEpisode()).toThrow(RangeError);
    rollout.clear();
    rollout.steps = 3;
    rollout.endEpisode();
    expect(rollout.span(0)).toEqual([0, 3]);
    expect(() => rollout.span(1)).toThrow(RangeError);
  });
});

describe('readJsonl', () => {
  it('gives back every step that it was given', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (rows) => {
        const rollout = read(jsonl(rows));
        expect(rollout.steps).toBe(rows.length);
        expect(rows.map((_, index) => rowAt(rollout, index))).toEqual(rows);
      }),
      { numRuns: 50 },
    );
  });

  it('ends episodes at terminated, at truncated, where the name changes and at the end', () => {
    const rollout = read(
      jsonl([
        example({ episode: 'a' }),
        example({ episode: 'a', terminated: true }),
        example({ episode: 'b' }),
        example({ episode: 'c', truncated: true }),
        example({ episode: 'c' }),
      ]),
    );
    expect(rollout.episodes).toBe(4);
    expect([...rollout.episodeOffsets.subarray(0, 5)]).toEqual([0, 2, 3, 4, 5]);
  });

  it('lists every fault with its line and path', () => {
    const reading = readJsonl(
      drone,
      [
        jsonl([example()]),
        '{"obs": ',
        '',
        jsonl([example({ next: { position: [1, 2], landed: true, battery: 1 }, action: [1] })]),
      ].join('\n'),
    );
    expect(reading.ok ? [] : reading.faults.map(({ line, path, code }) => ({ line, path, code }))).toEqual([
      { line: 2, path: '', code: 'invalid-json' },
      { line: 4, path: 'action', code: 'invalid-row' },
      { line: 4, path: 'next.position', code: 'invalid-row' },
    ]);
  });

  it('refuses an empty text, and reads no further than the faults that it lists', () => {
    expect(readJsonl(drone, '\n \n')).toMatchObject({ ok: false, faults: [{ code: 'empty' }] });
    const faults = (count: number) => readJsonl(drone, 'x\n'.repeat(count));
    const length = rolloutLimits.faults;
    expect(faults(length - 1)).toMatchObject({ message: `${length - 1} faults in the rows.` });
    const reading = faults(1_000_000);
    expect(reading).toMatchObject({ ok: false, message: `${length} faults or more in the rows.` });
    expect(reading.ok ? 0 : reading.faults.length).toBe(length);
  });

  it('takes no memory for rows that a text has no room for', () => {
    const observation = Array.from({ length: 256 }, (_, field) => ({ name: `field${field}`, shape: [256] }));
    const wide = Environment.parse({ ...drone, observation });
    const rows = '{"obs":{}}\n'.repeat(500_000);
    const reading = readJsonl(wide, rows);
    expect(reading.ok ? [] : reading.faults[0]).toMatchObject({ line: 1, code: 'invalid-row' });
  });
});
