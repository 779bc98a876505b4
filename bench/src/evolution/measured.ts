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
  /** Names the code that searched, see `searchVersion`; other code may come to the same all the same. */
  version: z.string(),
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

/** What is known of what a search found. */
export const Found = Measured.pick({ environment: true, method: true, seed: true, source: true });
export type Found = Readonly<z.infer<typeof Found>>;

/** What `bench evolution --out` writes, as far as it is read again. */
const Run = z.object({ searches: z.array(Measured) });

type SearchKey = Pick<Measured, 'environment' | 'method' | 'seed'>;
export const keyText = ({ environment, method, seed }: SearchKey): string => `${environment}, ${method}, seed ${seed}`;

/** The searches that other runs wrote to these files. Throws where a file is not such a run's, or two of them have the same search. */
export async function searchesIn(files: readonly string[]): Promise<ReadonlyMap<string, Measured>> {
  const found = new Map<string, Measured>();
  for (const file of files) {
    for (const search of searchesOf(await readFile(file, 'utf8'), file)) {
      const key = keyText(search);
      if (found.has(key)) throw new Error(`${file} has ${key} again; give each search once`);
      found.set(key, search);
    }
  }
  return found;
}

/** The searches in the text of such a file. */
function searchesOf(text: string, file: string): readonly Measured[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new Error(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const run = Run.safeParse(content);
  if (!run.success) throw new Error(`${file} is not what bench evolution --out writes: ${z.prettifyError(run.error)}`);
  return run.data.searches;
}

/** Throws for a search that a run does not make, or makes with another budget; `wanted` has trainings by `keyText`. */
export function checkJoined(joined: ReadonlyMap<string, Measured>, wanted: ReadonlyMap<string, number>): void {
  for (const [key, search] of joined) {
    const trainings = wanted.get(key);
    if (trainings === undefined) throw new Error(`--join has ${key}, which this run does not make`);
    if (trainings !== search.trainings) {
      throw new Error(`--join has ${key} with ${search.trainings} trainings; this run gives it ${trainings}`);
    }
  }
}
