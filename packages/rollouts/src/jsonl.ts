import { columnLayout, type Environment } from '@rewardsmith/contracts';
import { rolloutLimits } from './limits.ts';
import { Rollout } from './rollout.ts';
import { type StepRow, stepSchema, valueAt } from './row.ts';

/** What is wrong with one line of a JSONL text; `line` counts from 1, `path` is as `next.position[2]`. */
export interface RowFault {
  readonly line: number;
  readonly path: string;
  readonly code: 'invalid-json' | 'invalid-row' | 'empty' | 'too-large';
  readonly message: string;
}

export type JsonlReading =
  | { readonly ok: true; readonly rollout: Rollout }
  /** `faults` lists the first, and `message` says how many there are, or that there may be more: reading ends there. */
  | { readonly ok: false; readonly faults: readonly RowFault[]; readonly message: string };

/**
 * Reads recorded steps, one JSON object a line: `{obs, action, next, terminated, truncated}` with an optional `episode`.
 * An episode ends at a row that is terminated or truncated, where `episode` changes, and at the end of the text.
 * Blank lines are passed over.
 */
export function readJsonl(environment: Environment, text: string): JsonlReading {
  if (text.length > rolloutLimits.jsonlCharacters) {
    return refused('too-large', `the text has more than ${rolloutLimits.jsonlCharacters} characters; send it in parts`);
  }
  const lines = text.split('\n');
  const steps = lines.reduce((count, line) => count + (line.trim() === '' ? 0 : 1), 0);
  if (steps === 0) return refused('empty', 'no rows; give one JSON object a line');

  const schema = stepSchema(environment);
  // A number takes a character, and another stands behind it: where there are more rows than the text has room for, some are at fault.
  const most = Math.ceil(text.length / (2 * columnLayout(environment).length));
  const capacity = Math.min(steps, most);
  const rollout = Rollout.allocate(environment, { steps: capacity, episodes: capacity });
  const faults: RowFault[] = [];
  let previous: StepRow | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    if (faults.length >= rolloutLimits.faults) break;
    const json = parse(line);
    if (!json.ok) {
      faults.push({ line: index + 1, path: '', code: 'invalid-json', message: json.message });
      continue;
    }
    const row = schema.safeParse(json.value);
    if (!row.success) {
      for (const issue of row.error.issues) {
        faults.push({ line: index + 1, path: pathText(issue.path), code: 'invalid-row', message: issue.message });
      }
      continue;
    }
    if (previous !== undefined && !ended(previous) && previous.episode !== row.data.episode) rollout.endEpisode();
    write(rollout, row.data);
    if (ended(row.data)) rollout.endEpisode();
    previous = row.data;
  }
  if (faults.length > 0) return { ok: false, ...listed(faults) };
  if (previous !== undefined && !ended(previous)) rollout.endEpisode();
  return { ok: true, rollout: rollout.seal() };
}

function listed(faults: readonly RowFault[]): { readonly faults: readonly RowFault[]; readonly message: string } {
  const count = faults.length;
  if (count >= rolloutLimits.faults)
    return {
      faults: faults.slice(0, rolloutLimits.faults),
      message: `${rolloutLimits.faults} faults or more in the rows.`,
    };
  return { faults, message: `${count} ${count === 1 ? 'fault' : 'faults'} in the rows.` };
}

function ended(row: StepRow): boolean {
  return row.terminated || row.truncated;
}

function write(rollout: Rollout, row: StepRow): void {
  const { columns } = rollout;
  rollout.layout.forEach((reference, index) => {
    const column = columns[index];
    if (column !== undefined) column[rollout.steps] = valueAt(row, reference);
  });
  rollout.steps += 1;
}

function parse(line: string): { ok: true; value: unknown } | { ok: false; message: string } {
  try {
    return { ok: true, value: JSON.parse(line) };
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : 'not JSON' };
  }
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  );
}

function refused(code: RowFault['code'], message: string): JsonlReading {
  return { ok: false, ...listed([{ line: 1, path: '', code, message }]) };
}
