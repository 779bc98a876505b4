import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGrammarDesigner } from '@rewardsmith/designer';
import { builtinEnvironments } from '@rewardsmith/environments';
import { afterAll, expect, it } from 'vitest';
import { requestOn } from '../../designer/test/request.ts';
import { caller, eventsOf, openWorking, smallTask, submit } from './support/small-task.ts';

const directory = mkdtempSync(join(tmpdir(), 'rewardsmith-openings-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Programs that a search on cart-pole opens with; they depend on no seed. */
async function opened(): Promise<readonly string[]> {
  const environment = builtinEnvironments.get('cartpole');
  if (environment === undefined) throw new Error('there is no cartpole');
  const designer = createGrammarDesigner();
  const write = async (opening: number | undefined, seed: number) =>
    designer.propose(requestOn(environment, { opening, seed }));
  const all = await Promise.all(
    Array.from({ length: 9 }, (_, opening) => Promise.all([write(opening, 1), write(opening, 2)])),
  );
  return all.flatMap(([one, two]) => (one.source === two.source ? [one.source] : []));
}

it('a search opens with the programs that are written by rule, each once, and draws the others', async () => {
  const known = await opened();
  expect(known.length).toBeGreaterThan(2);
  const engine = await openWorking({ dataDirectory: directory });
  try {
    const search = { generations: 3, population: 6, seed: 3, finalists: 1 };
    const { id } = await submit(engine, smallTask({ search }));
    await eventsOf(engine, id);
    const page = await engine.tasks.candidates(caller, id, { limit: 200 });
    const all = await Promise.all((page?.items ?? []).map(({ id }) => engine.tasks.candidate(caller, id)));
    const found = all.flatMap((candidate) => candidate ?? []);
    const first = found.filter(({ generation }) => generation === 0).map(({ source }) => source);
    for (const source of known) expect(first.filter((each) => each === source)).toHaveLength(1);
    const drawn = found.filter(({ generation, operator }) => generation > 0 && operator === 'initial');
    expect(drawn.length).toBeGreaterThan(0);
    for (const { source } of drawn) expect(known).not.toContain(source);
  } finally {
    await engine.close();
  }
});
