import { readFile, writeFile } from 'node:fs/promises';
import type { Row, Standing } from './summary.ts';

const BEGIN = '<!-- evolution: begin -->';
const END = '<!-- evolution: end -->';

const short = (value: number): string => String(Number(value.toPrecision(3)));
const times = (ratio: number | null): string => (ratio === null ? 'not measured' : `${short(ratio)}×`);
const percent = (value: number): string => `${Math.round(100 * value)}%`;
const table = (rows: readonly (readonly string[])[]): string => {
  const [head = [], ...body] = rows;
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
};

/** A score as a chart can show it: none stands so far out that the others cannot be told apart. */
const shown = (score: number | null): number => Number(Math.max(-1, Math.min(2, score ?? 0)).toFixed(2));

function chart(rows: readonly Row[], methods: readonly string[]): string {
  // Where human and sparse are equal there is no score to show.
  const scored = rows.filter(({ humanScore }) => humanScore !== null);
  const environments = [...new Set(scored.map(({ environment }) => environment))];
  const scores = (method: string) =>
    environments.map((name) =>
      shown(rows.find((row) => row.environment === name && row.method === method)?.humanScore ?? null),
    );
  return [
    '```mermaid',
    'xychart-beta',
    `  title "Normalised score (0 sparse, 1 human): ${methods.join(', ')}"`,
    `  x-axis [${environments.map((name) => `"${name}"`).join(', ')}]`,
    '  y-axis "score, held to [-1, 2]" -1 --> 2',
    ...methods.map((method, index) => `  ${index === 0 ? 'bar' : 'line'} [${scores(method).join(', ')}]`),
    '```',
  ].join('\n');
}

/** Tables and a plot of a run, for people. */
export function pageOf(rows: readonly Row[], standings: readonly Standing[], command: string): string {
  const methods = standings.map(({ method }) => method);
  const overall = table([
    [
      'method',
      'tasks',
      'better than human',
      'that, or within 1%',
      'median score',
      'mean score',
      'steps saved',
      'designs saved',
    ],
    ...standings.map((standing) => [
      standing.method,
      String(standing.environments),
      percent(standing.betterThanHuman),
      percent(standing.asGoodAsHuman),
      short(standing.medianHumanScore),
      short(standing.meanHumanScore),
      times(standing.stepsRatio),
      times(standing.designedRatio),
    ]),
  ]);
  const each = table([
    [
      'task',
      'method',
      'fitness',
      'sparse',
      'human',
      'score',
      'trainings',
      'proposals',
      'designed',
      'M steps',
      '+ to measure',
      'training s',
      'steps saved',
    ],
    ...rows.map((row) => [
      row.environment,
      row.method,
      `${short(row.fitness)} ± ${short(row.deviation)}`,
      short(row.sparse),
      short(row.human),
      row.humanScore === null ? '' : short(row.humanScore),
      short(row.trainings),
      short(row.proposals),
      short(row.designed),
      short(row.environmentSteps / 1e6),
      short(row.evaluationSteps / 1e6),
      short(row.trainingSeconds),
      times(row.stepsRatio),
    ]),
  ]);
  const named = (found: readonly string[] | null): string =>
    found === null ? 'not known' : found.length === 0 ? 'nowhere' : found.join(', ');
  const sure = standings.map(
    ({ method, surelyBetter, surelyWorse }) =>
      `- ${method}: better ${named(surelyBetter)}; worse ${named(surelyWorse)}`,
  );
  const human = [
    'Against the human reward, beyond what chance makes of so few searches (95%, pairs on the same held-out seeds):',
    '',
    ...sure,
  ].join('\n');
  const worse = standings.map(
    ({ method, worseThanIndependent: found }) => `- ${method}: ${found === null ? 'not measured' : named(found)}`,
  );
  const below = ['Worse than independent sampling by more than a standard error of the difference:', '', ...worse].join(
    '\n',
  );
  return [`\`${command}\``, overall, human, below, chart(rows, methods.slice(0, 3)), each].join('\n\n');
}

/** Puts the page of a run between its two marks in a document. Throws where the document has no such marks. */
export async function writePage(file: string, page: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${file} has no ${BEGIN} … ${END}`);
  await writeFile(file, `${text.slice(0, from + BEGIN.length)}\n\n${page}\n\n${text.slice(to)}`);
}
