import type { RewardProgram } from '../ir/program.ts';

/** The self-check of a JavaScript module: `node reward.js parity.json` exits with 1 when a value differs. */
export function javascriptCheck({ entry, params, memory }: RewardProgram, env: string): string {
  const keeps = memory.size > 0;
  const given = [`env: ${env}`, ...(params.size > 0 ? ['params'] : []), ...(keeps ? ['memory: carried'] : [])];
  const called = `${entry}({ ...given, ${given.join(', ')} })`;
  return `/** Runs the rows of a parity file, parsed; returns how many there are and what differs from the sandbox. */
export function checkParity({ episodes }) {
  const numbers = (value) => {
    if (Array.isArray(value)) return value.map(numbers);
    if (value === null || typeof value !== 'object') return typeof value === 'string' ? Number(value) : value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, numbers(each)]));
  };
  // Terms of the size of scale that cancel leave a number smaller than their own last places.
  const isClose = (got, expected, scale = 0) => {
    const limit = 1e-9 * Math.max(Math.abs(expected), scale);
    return Object.is(got, expected) || got === expected || (Math.abs(got - expected) <= limit && limit < Infinity);
  };
  const differences = [];
  let rows = 0;
  for (const episode of episodes) {${keeps ? '\n    let carried = { ...memory };' : ''}
    for (const row of episode) {
      const given = numbers(row.input);
      const result = ${called};
      const { ${keeps ? 'memory: after, ' : ''}total, ...flat } = typeof result === 'object' ? result : { ${entry}: result };
      const components = flat.components ?? flat;${keeps ? '\n      carried = { ...carried, ...after };' : ''}
      const sum = Object.values(components).reduce((all, value) => all + Number(value), -0);
      const found = { ...components, total: typeof total === 'number' ? total : sum };
      for (const [name, value] of Object.entries(found)) {
        const expected = Number(name === 'total' ? row.total : row.components[name]);
        if (!isClose(Number(value), expected, row.scale?.[name])) {
          differences.push(\`row \${rows}: \${name} is \${value}, expected \${expected}\`);
        }
      }
      rows += 1;
    }
  }
  return { rows, differences };
}

if (globalThis.process?.argv?.[1] === import.meta.filename && import.meta.filename !== undefined) {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const { rows, differences } = checkParity(JSON.parse(readFileSync(process.argv[2], 'utf8')));
  for (const difference of differences) console.log(difference);
  console.log(\`\${rows} rows, \${differences.length} differences\`);
  process.exitCode = differences.length === 0 ? 0 : 1;
}`;
}
