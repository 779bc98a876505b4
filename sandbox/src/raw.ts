import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type RawForm, RawSandbox, type RawWall, rawForms, rawWalls } from './raw/sandbox.ts';

const help = `sandbox:raw FILE [--without WALL…] [--form FORM] [--milliseconds N] [--megabytes N] [--json]

Runs a file of arbitrary JavaScript in the sandbox, with the named walls (${rawWalls.join(', ')}) taken down, and then a
good program. The program labels a rollout, or is used as the form says (${rawForms.join(', ')}). For tests of the walls; the
service has no such way in.`;

function isWall(name: string): name is RawWall {
  return rawWalls.some((wall) => wall === name);
}

function isForm(name: string): name is RawForm {
  return rawForms.some((form) => form === name);
}

/** With the limits that were given; nothing, with the reason said, where one of them cannot work. */
function opened(without: readonly RawWall[]): RawSandbox | undefined {
  const { milliseconds, megabytes } = values;
  try {
    return new RawSandbox(without, {
      ...(milliseconds === undefined ? {} : { wallMilliseconds: Math.round(Number(milliseconds)) }),
      ...(megabytes === undefined ? {} : { memoryBytes: Math.round(Number(megabytes) * 2 ** 20) }),
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
    return undefined;
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    without: { type: 'string', multiple: true, default: [] },
    form: { type: 'string', default: 'label' },
    milliseconds: { type: 'string' },
    megabytes: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
// `--without language isolate` and `--without language --without isolate` say the same.
const [file, ...more] = positionals;
const names = [...values.without, ...more].flatMap((name) => name.split(','));
const unknown = names.find((name) => !isWall(name));
const { form } = values;

if (values.help || file === undefined || unknown !== undefined || !isForm(form) || !existsSync(file)) {
  if (file !== undefined && !existsSync(file)) process.stderr.write(`no file ${file}\n`);
  if (unknown !== undefined) process.stderr.write(`no wall "${unknown}"\n`);
  if (!isForm(form)) process.stderr.write(`no form "${form}"\n`);
  process.stderr.write(`${help}\n`);
  process.exitCode = values.help ? 0 : 2;
} else {
  const sandbox = opened(names.filter(isWall));
  if (sandbox !== undefined) {
    const report = await sandbox.run(readFileSync(file, 'utf8'), form);
    await sandbox.close();
    if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else
      for (const [name, value] of Object.entries(report)) process.stdout.write(`${name}: ${JSON.stringify(value)}\n`);
  }
}
