import { columnName, type Environment, type LabelledEpisode } from '@rewardsmith/contracts';
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

/** The columns that say something: what changes in the episode, fields before actions before components. */
function shownColumns(environment: Environment, episode: LabelledEpisode): readonly (readonly [string, number[]])[] {
  const fields = environment.observation.flatMap((field) => {
    const size = field.shape.length === 0 ? 1 : field.shape[0];
    return Array.from({ length: size }, (_, index) =>
      columnName({ role: 'next', field: field.name, index }, field.shape.length === 0),
    );
  });
  const actions = Object.keys(episode.columns).filter((name) => name.startsWith('action'));
  const moving = (names: readonly string[], from: Readonly<Record<string, number[]>>) =>
    names.flatMap((name) => {
      const values = from[name] ?? [];
      return range(values) > 0 ? [[name, values] as const] : [];
    });
  const components = moving(Object.keys(episode.components), episode.components);
  const room = Math.max(2, limits.trajectoryColumns - components.length);
  return [...moving([...fields, ...actions], episode.columns).slice(0, room), ...components];
}

function table(environment: Environment, title: string, episode: LabelledEpisode, rows: number): string {
  const columns = shownColumns(environment, episode);
  const steps = shownSteps(lengthOf(episode), rows);
  const end = episode.terminated ? 'ended from within' : 'ended when its time was up';
  const head = `${title}: fitness ${short(episode.fitness)}, ${episode.succeeded ? 'succeeded' : 'did not succeed'}, ${lengthOf(episode)} steps, ${end}.`;
  return [
    head,
    '',
    `| step | ${columns.map(([name]) => name).join(' | ')} |`,
    `|---|${columns.map(() => '---').join('|')}|`,
    ...steps.map(
      (step) => `| ${step} | ${columns.map(([, values]) => short(values[step] ?? Number.NaN)).join(' | ')} |`,
    ),
  ].join('\n');
}

/** Indices of the episodes that are shown, with what each is an example of. */
function shownEpisodes(episodes: readonly LabelledEpisode[]): readonly (readonly [number, string])[] {
  const order = episodes.map((episode, index) => ({ ...episode, index })).toSorted((a, b) => b.fitness - a.fitness);
  const failures = order.filter(({ succeeded }) => !succeeded);
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
 * named by their index as findings do. Rows are left out until all tables fit `most` characters.
 */
export function trajectoriesText(
  environment: Environment,
  episodes: readonly LabelledEpisode[],
  most: number = limits.trajectoryCharacters,
): string {
  const shown = shownEpisodes(episodes);
  for (let rows: number = limits.trajectoryRows; ; rows = Math.floor(rows / 2)) {
    const text = shown
      .flatMap(([index, title]) => {
        const episode = episodes[index];
        return episode === undefined ? [] : [table(environment, `Episode ${index}, ${title}`, episode, rows)];
      })
      .join('\n\n');
    if (text.length <= most || rows <= 2) return text;
  }
}
