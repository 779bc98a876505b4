import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { ExportTarget } from '@rewardsmith/contracts';
import ivm from 'isolated-vm';
import {
  chooseParitySteps,
  compile,
  emitKernel,
  emitTarget,
  type ParitySteps,
  parityFile,
  type RewardProgram,
  seededRandom,
  targetEndings,
} from '../../src/index.ts';
import { arm, crane } from '../environments.ts';

/**
 * Started by tests with `--no-node-snapshot`. Exports each program to every target, with a parity file whose values the
 * program's kernel computes in an isolate, and checks the JavaScript module there; writes what it found as JSON.
 */
export interface ExportRequest {
  readonly directory: string;
  readonly seed: number;
  readonly programs: readonly { readonly name: string; readonly source: string; readonly environment: string }[];
}

export interface Exported {
  readonly name: string;
  readonly refused?: string;
  readonly rows: number;
  readonly branches: number;
  readonly covered: number;
  /** What the JavaScript module says of itself. */
  readonly differences: readonly string[];
}

const targets: readonly ExportTarget[] = ['javascript', 'python', 'numpy', 'torch'];
const driver = readFileSync(new URL('./label.js', import.meta.url), 'utf8');

function labelled(program: RewardProgram, steps: ParitySteps): ReadonlyMap<string, Float64Array> {
  const kernel = emitKernel(program);
  const rows = steps.episodes.flat();
  const columns = kernel.columns.map(({ role, field, index }) => {
    const place = steps.layout.findIndex((each) => each.role === role && each.field === field && each.index === index);
    return Float64Array.from(rows, (row) => row[place] ?? Number.NaN);
  });
  const offsets = Uint32Array.from([0, ...steps.episodes.map((episode) => episode.length)]);
  for (let index = 1; index < offsets.length; index++)
    offsets[index] = (offsets[index] ?? 0) + (offsets[index - 1] ?? 0);
  const params = Float64Array.from(kernel.params, ({ value }) => value);
  const isolate = new ivm.Isolate({ memoryLimit: 64 });
  try {
    const context = isolate.createContextSync();
    const input = { columns, offsets, params, outputs: kernel.outputs.length, length: rows.length };
    context.global.setSync('input', new ivm.ExternalCopy(input).copyInto());
    context.evalSync(`const kernelFunction = ${kernel.source};`);
    const found: readonly Float64Array[] = context.evalSync(driver, { timeout: 10_000, copy: true });
    return new Map(kernel.outputs.map((name, index) => [name, found[index] ?? new Float64Array()]));
  } finally {
    isolate.dispose();
  }
}

function checked(module: string, parity: string): readonly string[] {
  const isolate = new ivm.Isolate({ memoryLimit: 128 });
  try {
    const context = isolate.createContextSync();
    const compiled = isolate.compileModuleSync(module);
    compiled.instantiateSync(context, () => {
      throw new Error('an exported module imports nothing');
    });
    compiled.evaluateSync();
    context.global.setSync('module', compiled.namespace.derefInto());
    context.global.setSync('parity', parity);
    const differences = 'JSON.stringify(module.checkParity(JSON.parse(parity)).differences)';
    return JSON.parse(context.evalSync(differences, { timeout: 10_000 }));
  } finally {
    isolate.dispose();
  }
}

function exported(
  { directory, seed }: ExportRequest,
  { name, source, environment }: ExportRequest['programs'][number],
): Exported {
  const compilation = compile(source, environment === 'arm' ? arm : crane);
  if (!compilation.ok) {
    const refused = compilation.findings[0]?.message ?? 'refused';
    return { name, refused, rows: 0, branches: 0, covered: 0, differences: [] };
  }
  const { program } = compilation;
  const steps = chooseParitySteps(program, seededRandom(seed));
  const parity = parityFile(program, steps, labelled(program, steps));
  writeFileSync(join(directory, `${name}.json`), parity);
  for (const target of targets) {
    writeFileSync(join(directory, `${name}_${target}${targetEndings[target]}`), emitTarget(program, target));
  }
  return {
    name,
    rows: steps.episodes.flat().length,
    branches: steps.branches,
    covered: steps.covered,
    differences: checked(emitTarget(program, 'javascript'), parity),
  };
}

const request: ExportRequest = JSON.parse(await text(process.stdin));
console.log(JSON.stringify(request.programs.map((program) => exported(request, program))));
