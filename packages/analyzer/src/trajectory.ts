import { columnName, type Environment, fieldSize, type LabelledEpisode } from '@rewardsmith/contracts';
import { lengthOf, range } from './analysis.ts';
import { limits } from './limits.ts';

function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'not finite';
}

/** Steps that are shown of an episode: the first, the last, and as many between as there is room for. */
function shownSteps(steps: number, rows: number): readonly number[] {
  if (steps <= rows) return Array.from({ length: steps }, (_, step) => step);
  return Array.from({ length: rows }, (_, row) => Math.round((row * (steps - 1)) / Math.max(1, rows - 1)));
}

/** Whether a program names a field. Where a comment alone does, the field stands further to the front than it need. */
function names(program: string, field: string): boolean {
  return new RegExp(`(?<![\\w$])${field.replaceAll('$', '\\$')}(?![\\w$])`).test(program);
}

type Column = readonly [name: string, values: number[]];

/** A value of a column: what is nothing beside the column's largest is 0. */
function cell([, values]: Column, step: number, largest: number): string {
  const value = values[step] ?? Number.NaN;
  return Math.abs(value) < limits.trajectoryNought * largest ? '0' : short(value);
}

/** Rows of a table, without those that say the same as the one before and the one after. */
function rowsOf(columns: readonly Column[], steps: readonly number[]): readonly string[] {
  const largest = columns.map(([, values]) => Math.max(...values.map(Math.abs)));
  const cells = steps.map((step) =>
    columns.map((column, place) => cell(column, step, largest[place] ?? 0)).join(' | '),
  );
  return cells.flatMap((row, place) =>
    row === cells[place - 1] && row === cells[place + 1] ? [] : [`| ${steps[place]} | ${row} |`],
  );
}

/** The columns of a table, and how many more change and are left out. */
interface Columns {
  readonly shown: readonly Column[];
  readonly left: number;
}

/**
 * The columns that say something, which is what changes in the episode: fields that the first program reads, then those of the
 * next, actions, other fields; at last the components, all of them.
 */
function columnsOf(environment: Environment, episode: LabelledEpisode, programs: readonly string[]): Columns {
  const rank = (field: string) => {
    const first = programs.findIndex((program) => names(program, field));
    return first < 0 ? programs.length : first;
  };
  const fields = environment.observation.flatMap((field) => {
    return Array.from({ length: fieldSize(field) }, (_, index) => ({
      name: columnName({ role: 'next', field: field.name, index }, field.shape.length === 0),
      rank: rank(field.name),
    }));
  });
  const actions = Object.keys(episode.columns)
    .filter((name) => name.startsWith('action'))
    .map((name) => ({ name, rank: programs.length - 0.5 }));
  const moving = (columns: readonly string[], from: Readonly<Record<string, number[]>>) =>
    columns.flatMap((name): readonly Column[] => {
      const values = from[name] ?? [];
      return range(values) > 0 ? [[name, values]] : [];
    });
  const components = moving(Object.keys(episode.components), episode.components);
  const order = [...fields, ...actions].toSorted((a, b) => a.rank - b.rank).map(({ name }) => name);
  const columns = moving(order, episode.columns);
  const room = Math.max(limits.trajectoryFields, limits.trajectoryColumns - components.length);
  return { shown: [...columns.slice(0, room), ...components], left: Math.max(0, columns.length - room) };
}

/** What episodes are shown by: the programs whose fields come first, and whether success is what the task is about. */
export interface ShownBy {
  readonly programs: readonly string[];
  readonly success: boolean;
}

function table(
  title: string,
  episode: LabelledEpisode,
  { shown, left }: Columns,
  success: boolean,
  rows: number,
): string {
  const steps = shownSteps(lengthOf(episode), rows);
  const end = episode.terminated ? 'ended from within' : 'ended when its time was up';
  const head = `${title}: fitness ${short(episode.fitness)}, ${success ? `${episode.succeeded ? 'succeeded' : 'did not succeed'}, ` : ''}${lengthOf(episode)} steps, ${end}.`;
  return [
    head,
    '',
    `| step | ${shown.map(([name]) => name).join(' | ')} |`,
    `|---|${shown.map(() => '---').join('|')}|`,
    ...rowsOf(shown, steps),
    ...(left === 0
      ? []
      : ['', `${left} more ${left === 1 ? 'column that changes is' : 'columns that change are'} not shown.`]),
  ].join('\n');
}

/** Indices of the episodes that are shown, with what each is an example of. */
function shownEpisodes(episodes: readonly LabelledEpisode[], success: boolean): readonly (readonly [number, string])[] {
  const order = episodes.map((episode, index) => ({ ...episode, index })).toSorted((a, b) => b.fitness - a.fitness);
  const failures = order.filter(({ succeeded }) => !(success && succeeded));
  const typical = failures[Math.floor((failures.length - 1) / 2)];
  const named = [
    [order[0]?.index, 'the best'],
    [order.at(-1)?.index, 'the worst'],
    [typical?.index, failures.length === episodes.length ? 'a typical one' : 'the most typical failure'],
  ] as const;
  const titles = new Map<number, string>();
  for (const [index, title] of named) {
    if (index !== undefined) titles.set(index, titles.has(index) ? `${titles.get(index)} and ${title}` : title);
  }
  return [...titles];
}

/**
 * Two or three episodes as compact tables of what changes in them: the best, the worst, and the most typical of those that failed,
 * named by their index as findings do. Where there are more columns than room, those that `programs` read come first, in their order.
 * Rows are left out until all tables fit `most` characters.
 */
export function trajectoriesText(
  environment: Environment,
  episodes: readonly LabelledEpisode[],
  { programs, success }: ShownBy,
  most: number = limits.trajectoryCharacters,
): string {
  const shown = shownEpisodes(episodes, success).flatMap(([index, title]) => {
    const episode = episodes[index];
    if (episode === undefined) return [];
    return [{ title: `Episode ${index}, ${title}`, episode, columns: columnsOf(environment, episode, programs) }];
  });
  for (let rows: number = limits.trajectoryRows; ; rows = Math.floor(rows / 2)) {
    const text = shown.map(({ title, episode, columns }) => table(title, episode, columns, success, rows)).join('\n\n');
    if (text.length <= most || rows <= 2) return text;
  }
}
