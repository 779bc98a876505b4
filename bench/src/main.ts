import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A suite's figures by name: numbers, or records and lists of them. */
interface Suite {
  readonly takes: readonly string[];
  run(options: ReadonlyMap<string, string>): Promise<Readonly<Record<string, unknown>>>;
}

const suites = join(import.meta.dirname, 'suites');
const known = readdirSync(suites)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.slice(0, -3));
const [name = '', ...rest] = process.argv.slice(2);
const flags = rest.filter((flag) => flag === '--json');
const options = new Map<string, string>();
const others = rest.filter((flag) => flag !== '--json');
for (let index = 0; index + 1 < others.length; index += 2) {
  const [option = '', value = ''] = others.slice(index, index + 2);
  if (option.startsWith('--')) options.set(option.slice(2), value);
}
const file = join(suites, `${name}.ts`);

if (!known.includes(name) || !existsSync(file) || others.length !== 2 * options.size) {
  process.stderr.write(
    `Usage: pnpm -s bench SUITE [--json] [--option value]…, where SUITE is one of: ${known.join(', ')}\n`,
  );
  process.exit(2);
}
const suite: Suite = await import(pathToFileURL(file).href);
const unknown = [...options.keys()].find((option) => !suite.takes.includes(option));
if (unknown !== undefined) {
  const has = suite.takes.map((option) => `--${option}`).join(', ') || 'no options';
  process.stderr.write(`${name} has no option --${unknown}; it takes ${has}\n`);
  process.exit(2);
}
const figures = await suite.run(options);
if (flags.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ suite: name, ...figures })}\n`);
} else {
  for (const [figure, value] of Object.entries(figures)) process.stdout.write(`${figure}: ${JSON.stringify(value)}\n`);
}
