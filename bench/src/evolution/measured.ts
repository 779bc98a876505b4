import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const Point = z.object({
  /** Environment steps of the search when the candidate became its best. */
  environmentSteps: z.number(),
  /** Proposals by then, refused ones included. */
  proposals: z.number(),
  /** Those of them that a designer wrote: what model calls are made for. */
  designed: z.number(),
  /** Mean fitness on held-out seeds. */
  fitness: z.number(),
});
export type Point = Readonly<z.infer<typeof Point>>;

const Measured = z.object({
  environment: z.string(),
  method: z.string(),
  seed: z.int(),
  /** The budget, in trainings of the environment's usual length. */
  trainings: z.number(),
  /** On held-out seeds, as the sparse and the human reward are, and on those that it was chosen by. */
  fitness: z.number(),
  searchFitness: z.number(),
  sparse: z.number(),
  human: z.number(),
  /** Of the search and the choice between finalists; the closing comparison is left out. */
  environmentSteps: z.number(),
  /** Steps that measured what it trained, which count against no cap; those of the closing comparison are left out as well. */
  evaluationSteps: z.number(),
  proposals: z.number(),
  /** Those of them that a designer wrote: what a model would be asked for, each at least once. */
  designed: z.number(),
  modelCalls: z.number(),
  /** Training seconds of the same, on one core each. */
  trainingSeconds: z.number(),
  /** The program that it found. */
  source: z.string(),
  /** The best candidate so far, whenever it changed, the one that was chosen at the end last. */
  curve: z.array(Point).readonly(),
});
/** One search from one seed. */
export type Measured = Readonly<z.infer<typeof Measured>>;

const Run = z.object({ searches: z.array(Measured) });

export const searchKey = ({ environment, method, seed }: Pick<Measured, 'environment' | 'method' | 'seed'>): string =>
  `${environment}, ${method}, seed ${seed}`;

/** The searches that other runs wrote to these files. Throws where a file is not such a run's, or two of them have the same search. */
export async function searchesIn(files: readonly string[]): Promise<ReadonlyMap<string, Measured>> {
  const found = new Map<string, Measured>();
  for (const file of files) {
    const run = Run.safeParse(JSON.parse(await readFile(file, 'utf8')));
    if (!run.success) throw new Error(`${file} is not what --out writes: ${z.prettifyError(run.error)}`);
    for (const search of run.data.searches) {
      const key = searchKey(search);
      if (found.has(key)) throw new Error(`${file} has ${key} again; give each search once`);
      found.set(key, search);
    }
  }
  return found;
}
