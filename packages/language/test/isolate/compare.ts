import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { Environment, Kernel } from '@rewardsmith/contracts';
import ivm from 'isolated-vm';
import { emitKernel, emitTarget, type RewardProgram } from '../../src/index.ts';
import { arm, crane } from '../environments.ts';
import { compiled } from '../fixtures.ts';
import { makeRows } from '../rows.ts';

/**
 * Started by a test with `--no-node-snapshot`, which a test runner's own processes cannot carry. Reads programs over the
 * arm or the crane and a seed from standard input; writes, for each, where kernel and plain JavaScript differ.
 */
interface Request {
  readonly programs: readonly { readonly name: string; readonly source: string; readonly environment: string }[];
  readonly seed: number;
}
const request: Request = JSON.parse(await text(process.stdin));
const driver = readFileSync(new URL('./driver.js', import.meta.url), 'utf8');
/** Even, and odd: a kernel that goes two steps at a time has one left over at the end. */
const lengths = [600, 599];
const episodes = 6;

function compare(source: string, environment: Environment): readonly unknown[] {
  const program = compiled({ source, environment });
  const kernel = emitKernel(program);
  return lengths.flatMap((length) => differencesOf(program, kernel, length));
}

function differencesOf(program: RewardProgram, kernel: Kernel, length: number): readonly unknown[] {
  const { environment } = program;
  const rows = makeRows(environment, length, request.seed);
  const isolate = new ivm.Isolate({ memoryLimit: 64 });
  try {
    const context = isolate.createContextSync();
    const module = isolate.compileModuleSync(emitTarget(program, 'javascript'));
    module.instantiateSync(context, () => {
      throw new Error('a program imports nothing');
    });
    module.evaluateSync();
    context.global.setSync('module', module.namespace.derefInto());
    const input = { ...rows, environment, episodes, kernel };
    context.global.setSync('input', new ivm.ExternalCopy(input).copyInto());
    context.evalSync(
      'const structuredCloneOf = (value) => value instanceof Object ? Object.assign(Array.isArray(value) ? [] : {}, Object.fromEntries(Object.entries(value).map(([k, v]) => [k, structuredCloneOf(v)]))) : value;',
    );
    context.evalSync(`const kernelFunction = ${kernel.source};`);
    return JSON.parse(context.evalSync(driver, { timeout: 10_000 }));
  } finally {
    isolate.dispose();
  }
}

const results = request.programs.map(({ name, source, environment }) => [
  name,
  compare(source, environment === arm.name ? arm : crane),
]);
console.log(JSON.stringify(Object.fromEntries(results)));
