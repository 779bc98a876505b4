import { readdirSync, readFileSync } from 'node:fs';
import type { Environment } from '@rewardsmith/contracts';
import { compile, type RewardProgram } from '../src/index.ts';
import { arm, crane } from './environments.ts';

export interface Fixture {
  readonly name: string;
  readonly source: string;
  readonly environment: Environment;
}

const folder = new URL('./fixtures/', import.meta.url);

/** Programs written for these tests, over the two environments beside them. */
export const fixtures: readonly Fixture[] = readdirSync(folder)
  .toSorted()
  .map((file) => ({
    name: file.replace(/\.js$/, ''),
    source: readFileSync(new URL(file, folder), 'utf8'),
    environment: file.startsWith('arm') ? arm : crane,
  }));

export function compiled(fixture: Pick<Fixture, 'source' | 'environment'>): RewardProgram {
  const compilation = compile(fixture.source, fixture.environment);
  if (!compilation.ok)
    throw new Error(compilation.findings.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return compilation.program;
}
