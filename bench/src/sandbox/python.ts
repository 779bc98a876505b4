import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const NUMPY = 'numpy==2.3.5';
const Seconds = z.object({ numpy: z.array(z.number()), cpython: z.array(z.number()) });
const directory = fileURLToPath(new URL('../../node_modules/.cache/numpy', import.meta.url));

/** Seconds per step of some runs of NumPy and of a CPython loop. */
type Python = (steps: number, repeats: number) => z.infer<typeof Seconds>;

/** Python with NumPy, which is installed where it is not there yet; nothing where Python or its registry is not to be had. */
export function pythonWithNumpy(): Python | undefined {
  const python = `${directory}/bin/python`;
  try {
    if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', directory], { stdio: 'ignore' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', NUMPY], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const script = fileURLToPath(new URL('./labels.py', import.meta.url));
  return (steps, repeats) => {
    const given = [script, String(steps), String(steps / 10), String(repeats)];
    return Seconds.parse(JSON.parse(execFileSync(python, given, { encoding: 'utf8' })));
  };
}
