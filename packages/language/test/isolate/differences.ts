import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./compare.ts', import.meta.url));

interface Program {
  readonly name: string;
  readonly source: string;
  readonly environment: { readonly name: string };
}

/** Where kernel and plain JavaScript differ, program by program. */
export function differences(programs: readonly Program[], seed: number): unknown {
  const input = programs.map(({ name, source, environment }) => ({ name, source, environment: environment.name }));
  const output = execFileSync(process.execPath, ['--no-node-snapshot', script], {
    input: JSON.stringify({ programs: input, seed }),
    encoding: 'utf8',
  });
  return JSON.parse(output);
}
