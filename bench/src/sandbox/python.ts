import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NUMPY = 'numpy==2.3.5';
const directory = fileURLToPath(new URL('../../node_modules/.cache/numpy', import.meta.url));

/** Nanoseconds per step of NumPy and of a CPython loop; nothing where Python or its registry is not to be had. */
export function pythonNanoseconds(steps: number, repeats: number): { numpy: number; cpython: number } | undefined {
  const python = `${directory}/bin/python`;
  try {
    if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', directory], { stdio: 'ignore' });
    execFileSync(python, ['-m', 'pip', 'install', '--quiet', NUMPY], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const script = fileURLToPath(new URL('./labels.py', import.meta.url));
  const text = execFileSync(python, [script, String(steps), String(steps / 10), String(repeats)], { encoding: 'utf8' });
  const seconds: unknown = JSON.parse(text);
  if (typeof seconds !== 'object' || seconds === null || !('numpy' in seconds) || !('cpython' in seconds))
    return undefined;
  return { numpy: Number(seconds.numpy) * 1e9, cpython: Number(seconds.cpython) * 1e9 };
}
