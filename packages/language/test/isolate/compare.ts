import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import ivm from 'isolated-vm';
import { emitKernel, emitTarget } from '../../src/index.ts';
import { compiled, fixtures } from '../fixtures.ts';
import { makeRows } from '../rows.ts';

/**
 * Started by a test with `--no-node-snapshot`, which a test runner's own processes cannot carry. Reads fixture names
 * and a seed from standard input; writes, for each program, where kernel and plain JavaScript differ.
 */
const request: { readonly names: readonly string[]; readonly seed: number } = JSON.parse(await text(process.stdin));
const driver = readFileSync(new URL('./driver.js', import.meta.url), 'utf8');
const length = 600;
const episodes = 6;

function compare(name: string): unknown {
  const fixture = fixtures.find((each) => each.name === name);
  if (fixture === undefined) throw new Error(`no fixture ${name}`);
  const program = compiled(fixture);
  const kernel = emitKernel(program);
  const rows = makeRows(fixture.environment, length, request.seed);
  const isolate = new ivm.Isolate({ memoryLimit: 64 });
  try {
    const context = isolate.createContextSync();
    const module = isolate.compileModuleSync(emitTarget(program, 'javascript'));
    module.instantiateSync(context, () => {
      throw new Error('a program imports nothing');
    });
    module.evaluateSync();
    context.global.setSync('module', module.namespace.derefInto());
    const input = { ...rows, environment: fixture.environment, episodes, kernel };
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

console.log(JSON.stringify(Object.fromEntries(request.names.map((name) => [name, compare(name)]))));
