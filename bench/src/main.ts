import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A suite's figures by name: numbers, or records and lists of them. */
interface Suite {
  run(): Promise<Readonly<Record<string, unknown>>>;
}

const suites = join(import.meta.dirname, 'suites');
const known = readdirSync(suites)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3));
const [name = '', ...flags] = process.argv.slice(2);
const file = join(suites, `${name}.ts`);

if (!known.includes(name) || !existsSync(file) || flags.some((flag) => flag !== '--json')) {
  process.stderr.write(`Usage: pnpm -s bench SUITE [--json], where SUITE is one of: ${known.join(', ')}\n`);
  process.exit(2);
}
const suite: Suite = await import(pathToFileURL(file).href);
const figures = await suite.run();
if (flags.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ suite: name, ...figures })}\n`);
} else {
  for (const [figure, value] of Object.entries(figures)) process.stdout.write(`${figure}: ${JSON.stringify(value)}\n`);
}
