import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Environment } from '@rewardsmith/contracts';
import { builtinEnvironments } from '@rewardsmith/environments';
import { compile, emitKernel } from '@rewardsmith/language';

/** A program with the environment it is for. */
export interface Sample {
  readonly name: string;
  readonly source: string;
  readonly environment: Environment;
  readonly entry: 'reward' | 'success';
}

/** Programs of a corpus: folders of `environment.json`, `reward-*.js` and `fitness.js`. Without one, the built-in ones. */
export function samples(corpus: string | null): readonly Sample[] {
  if (corpus === null) {
    return [...builtinEnvironments.values()].flatMap(
      ({ definition: environment, humanReward, sparseReward, fitness }) => [
        { name: `${environment.name} human`, source: humanReward, environment, entry: 'reward' as const },
        { name: `${environment.name} sparse`, source: sparseReward, environment, entry: 'reward' as const },
        { name: `${environment.name} fitness`, source: fitness.source, environment, entry: 'success' as const },
      ],
    );
  }
  return readdirSync(corpus).flatMap((folder) => {
    const description = join(corpus, folder, 'environment.json');
    if (!existsSync(description)) return [];
    const environment = Environment.parse(JSON.parse(readFileSync(description, 'utf8')));
    return readdirSync(join(corpus, folder))
      .filter((file) => /^(reward-.*|fitness)\.js$/.test(file))
      .map((file) => ({
        name: `${folder}/${file}`,
        source: readFileSync(join(corpus, folder, file), 'utf8'),
        environment,
        entry: file === 'fitness.js' ? ('success' as const) : ('reward' as const),
      }));
  });
}

const TURNS = 5;

/** Milliseconds from source text to kernel text, and the share of programs that are accepted. */
export function compilation(programs: readonly Sample[]): Readonly<Record<string, unknown>> {
  const refused = programs.filter(({ source, environment, entry }) => !compile(source, environment, { entry }).ok);
  const times = programs.flatMap(({ source, environment, entry }) =>
    Array.from({ length: TURNS }, () => {
      const began = performance.now();
      const outcome = compile(source, environment, { entry });
      if (outcome.ok) emitKernel(outcome.program);
      return performance.now() - began;
    }),
  );
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return {
    programs: programs.length,
    accepted: programs.length - refused.length,
    coverage: (programs.length - refused.length) / programs.length,
    refused: refused.map(({ name }) => name),
    compileMillisecondsP50: at(0.5),
    compileMillisecondsP99: at(0.99),
  };
}
