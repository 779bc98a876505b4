import { type Action, boundAt, type Environment, type ObservationField } from '@rewardsmith/contracts';

/** A number as people write it: without what arithmetic has left in its last places. */
const plain = (value: number): number => Number(value.toPrecision(12));

const rounded = (_: string, value: unknown): unknown => (typeof value === 'number' ? plain(value) : value);

function bound(value: number | null): string {
  return value === null ? 'unbounded' : String(plain(value));
}

function interval(field: Pick<ObservationField, 'low' | 'high'>, size: number): string {
  const at = (index: number) => `${bound(boundAt(field.low, index))} to ${bound(boundAt(field.high, index))}`;
  const all = Array.from({ length: size }, (_, index) => at(index));
  const [first = ''] = all;
  if (all.every((text) => text === first)) return first === 'unbounded to unbounded' ? 'unbounded' : first;
  return all.map((text, index) => `[${index}] ${text}`).join('; ');
}

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}

function fieldRow(field: ObservationField): string {
  const size = field.shape.length === 0 ? 1 : field.shape[0];
  const shape = field.unit === 'boolean' ? 'boolean' : size === 1 && field.shape.length === 0 ? 'number' : `[${size}]`;
  const unit = field.unit === 'boolean' || field.unit === '1' ? '' : field.unit;
  return `| \`${field.name}\` | ${shape} | ${cell(unit)} | ${field.unit === 'boolean' ? '' : interval(field, size)} | ${cell(field.description)} |`;
}

function actionText(action: Action): string {
  if (action.kind === 'discrete') {
    const names = action.names?.map((name, index) => `${index} ${cell(name)}`).join(', ');
    return `\`action\` is one number, 0 to ${action.n - 1}${names === undefined ? '' : `: ${names}`}.`;
  }
  const [size] = action.shape;
  const names = action.names?.map((name, index) => `[${index}] ${cell(name)}`).join(', ');
  const unit = action.unit === undefined ? '' : `, in ${cell(action.unit)}`;
  return `\`action\` is a vector of length ${size}, each ${interval(action, size)}${unit}${names === undefined ? '' : `: ${names}`}.`;
}

/** An environment as a prompt shows it: a typed table of fields with units and bounds, the action, and the constants. */
export function environmentTable(environment: Environment): string {
  const constants = Object.entries(environment.constants).map(
    ([name, value]) => `- \`env.${name}\` = ${JSON.stringify(value, rounded)}`,
  );
  return [
    `\`${environment.name}\`. ${environment.description.trim()}`,
    '',
    'Fields of `obs` (before the action) and `next` (after it):',
    '',
    '| field | type | unit | bounds | what it is |',
    '|---|---|---|---|---|',
    ...environment.observation.map(fieldRow),
    '',
    actionText(environment.action),
    '',
    `An episode has at most ${environment.maxEpisodeSteps} steps. \`terminated\` is true on the step that ends it from within, \`truncated\` on the step that ends it because its time is up.`,
    ...(constants.length === 0 ? [] : ['', 'Constants:', '', ...constants]),
  ].join('\n');
}
