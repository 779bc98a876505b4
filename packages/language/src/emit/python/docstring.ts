import type { Node } from '../../ir/node.ts';
import type { RewardProgram } from '../../ir/program.ts';
import { wrapped } from './fit.ts';

const shapeText = (length: number | null, batch: boolean): string => {
  if (length === null) return batch ? '(batch,)' : 'scalar';
  return batch ? `(batch, ${length})` : `${length} entries`;
};

/** What the module says of itself: the task, the fields it reads with units and shapes, its components, how to call it. */
export function docstring(
  program: RewardProgram,
  nodes: readonly Node[],
  usage: readonly string[],
  batch: boolean,
): string[] {
  const { environment } = program;
  const fields = nodes.flatMap((node) => {
    if (node.op !== 'input') return [];
    const field = environment.observation.find(({ name }) => name === node.field);
    const role = node.role === 'next' ? 'next_obs' : node.role;
    const name = field === undefined ? role : `${role}["${field.name}"]`;
    const unit = field === undefined || field.unit === '1' ? '' : `, ${field.unit}`;
    const about = field === undefined || field.description === '' ? '' : `: ${field.description}`;
    return wrapped(escaped(`${name}  ${shapeText(node.type.length, batch)}${unit}${about}`), '    ', '        ');
  });
  const own = program.graph.ownTotal ? 'The total is its own expression.' : 'The total is their sum.';
  const heading = program.heading.flatMap((line) => {
    const indent = /^\s*/.exec(line)?.[0] ?? '';
    return wrapped(escaped(line.trimStart()), indent);
  });
  return [
    `"""Reward for ${environment.name}.`,
    ...(heading.length > 0 ? ['', ...heading] : []),
    ...(environment.description === '' ? [] : ['', ...wrapped(`Task: ${escaped(environment.description)}`, '')]),
    '',
    ...usage,
    '',
    'Reads:',
    '',
    ...(fields.length > 0 ? fields : ['    nothing of the step']),
    '',
    ...wrapped(`Components: ${program.components.join(', ')}. ${own}`, ''),
    '"""',
  ].map((line) => line.trimEnd());
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"""', "'''");
