import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type RawForm, RawSandbox, type RawWall, rawForms, rawWalls } from './raw/sandbox.ts';

const help = `sandbox:raw FILE [--without WALL…] [--form FORM] [--milliseconds N] [--megabytes N] [--json]

Runs a file of arbitrary JavaScript in the sandbox, with the named walls (${rawWalls.join(', ')}) taken down, and then a
good program. The program labels a rollout, or is used as the form says (${rawForms.join(', ')}). For tests of the walls; the
service has no such way in. Without the process wall a program may do all that you may: use a machine that can be thrown away.`;

function isWall(name: string): name is RawWall {
  return rawWalls.some((wall) => wall === name);
}

function isForm(name: string): name is RawForm {
  return rawForms.some((form) => form === name);
}

/** With the limits that were given. Throws a `RangeError` where one of them cannot work. */
function opened(without: readonly RawWall[], milliseconds?: string, megabytes?: string): RawSandbox {
  return new RawSandbox(without, {
    ...(milliseconds === undefined ? {} : { wallMilliseconds: Math.round(Number(milliseconds)) }),
    ...(megabytes === undefined ? {} : { memoryBytes: Math.round(Number(megabytes) * 2 ** 20) }),
  });
}

/** What was asked for; nothing, with the reason said, where it cannot be done. */
function asked() {
  try {
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
    // `--without language isolate` and `--without language --without isolate` say the same, on either side of the file.
    const file =
      positionals.find((name) => existsSync(name)) ?? positionals.find((name) => !name.split(',').every(isWall));
    const names = [...values.without, ...positionals.filter((name) => name !== file)].flatMap((name) =>
      name.split(','),
    );
    const without = names.filter(isWall);
    const { form } = values;
    const unknown = names.find((name) => !isWall(name));
    if (values.help) return refused(help, 0);
    if (file === undefined) return refused(`no file is named\n${help}`);
    if (unknown !== undefined) return refused(`no wall "${unknown}"\n${help}`);
    if (!isForm(form)) return refused(`no form "${form}"\n${help}`);
    if (form !== 'label' && without.includes('isolate'))
      return refused(`without the isolate a program is run as it is: --form ${form} is for one that has it`);
    const { milliseconds, megabytes } = values;
    const source = readFileSync(file, 'utf8');
    return { sandbox: opened(without, milliseconds, megabytes), source, form, json: values.json };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return refused(error.message);
  }
}

function refused(message: string, exitCode = 2): undefined {
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
}

const given = asked();
if (given !== undefined) {
  const { sandbox, source, form, json } = given;
  const report = await sandbox.run(source, form).finally(() => sandbox.close());
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else for (const [name, value] of Object.entries(report)) process.stdout.write(`${name}: ${JSON.stringify(value)}\n`);
}
