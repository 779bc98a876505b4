import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Outcome } from '@rewardsmith/contracts';
import type { Asker, Compiler, Sandbox, TrainOptions, TrainRequest } from '@rewardsmith/sandbox';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

const repository = join(import.meta.dirname, '../../..');
/** What a training's result depends on beside its request, and what a search's does beside its trainings. */
const trainingParts = [
  ...['contracts', 'environments', 'language', 'rollouts', 'training'].map((name) => `packages/${name}/src`),
  'sandbox/src',
];
const searchParts = ['analyzer', 'critic', 'designer', 'engine', 'evolution'].map((name) => `packages/${name}/src`);

/** One hash over every source file that has a say in what a training comes to. */
export function trainingVersion(): Promise<string> {
  return hashOf(trainingParts);
}

/** The same for a search. */
export function searchVersion(): Promise<string> {
  return hashOf([...trainingParts, ...searchParts]);
}

async function hashOf(directories: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  hash.update(await readFile(join(repository, 'pnpm-lock.yaml')));
  for (const directory of directories) {
    const files = await readdir(join(repository, directory), { recursive: true, withFileTypes: true });
    const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
    for (const path of paths.toSorted()) hash.update(path.slice(repository.length)).update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 16);
}

type Trained = Awaited<ReturnType<Sandbox['train']>>;

/**
 * A sandbox that keeps what each training came to in `directory` and does none twice: a training is decided by its request to the
 * last bit, and methods that are compared share seeds and often programs. A run that was interrupted goes on where it was.
 * Environment steps are counted as if every training were made.
 */
export class RememberedTrainings implements Sandbox {
  made = 0;
  remembered = 0;
  /** Seconds that trainings took when they were made, those of closing comparisons left out. */
  searchSeconds = 0;
  readonly #sandbox: Sandbox;
  readonly #directory: string;
  readonly #version: string;

  constructor(sandbox: Sandbox, directory: string, version: string) {
    this.#sandbox = sandbox;
    this.#directory = directory;
    this.#version = version;
  }

  compiler(asker: Asker): Compiler {
    return this.#sandbox.compiler(asker);
  }

  async train(request: TrainRequest, options?: TrainOptions): Promise<Trained> {
    const { tenant: _, ...decides } = request;
    const key = createHash('sha256')
      .update(JSON.stringify([this.#version, decides]))
      .digest('hex');
    const file = join(this.#directory, key.slice(0, 2), `${key}.json.gz`);
    const before = await readFile(file).catch(() => undefined);
    if (before !== undefined) {
      this.remembered += 1;
      return this.#counted(request, JSON.parse((await decompress(before)).toString('utf8')));
    }
    const outcome = await this.#sandbox.train(request, options);
    this.made += 1;
    if (isFinal(outcome)) {
      await mkdir(dirname(file), { recursive: true });
      const beside = `${file}.${process.pid}.${this.made}`;
      await writeFile(beside, await compress(JSON.stringify(outcome)));
      await rename(beside, file);
    }
    return this.#counted(request, outcome);
  }

  #counted({ evaluation }: TrainRequest, outcome: Trained): Trained {
    if (outcome.kind === 'ok' && evaluation.variations === undefined) this.searchSeconds += outcome.value.run.seconds;
    return outcome;
  }

  label(...given: Parameters<Sandbox['label']>): ReturnType<Sandbox['label']> {
    return this.#sandbox.label(...given);
  }

  measure(...given: Parameters<Sandbox['measure']>): ReturnType<Sandbox['measure']> {
    return this.#sandbox.measure(...given);
  }

  status(): ReturnType<Sandbox['status']> {
    return this.#sandbox.status();
  }

  close(): Promise<void> {
    return this.#sandbox.close();
  }
}

/** Whether the same request would come to the same again: a limit of time may be met on one day and not on another. */
function isFinal({ kind }: Outcome<unknown>): boolean {
  return kind === 'ok' || kind === 'rejected';
}
