import type { Node } from '../../ir/node.ts';
import type { RewardProgram } from '../../ir/program.ts';

const shapeText = (length: number | null, batch: boolean): string => {
  if (length === null) return batch ? '(batch,)' : 'scalar';
  return batch ? `(batch, ${length})` : `${length} entries`;
};

/** Breaks a text into lines that fit the width. */
export function wrapped(text: string, indent: string, width = 100): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(indent + line);
  return lines;
}

/** What the module says of itself: the task, the fields it reads with units and shapes, its components, how to call it. */
export function docstring(
  program: RewardProgram,
  nodes: readonly Node[],
  usage: readonly string[],
  batch: boolean,
): string[] {
  const { environment } = program;
  const reads = nodes.flatMap((node) => (node.op === 'input' ? [node] : []));
  const fields = reads.map((node) => {
    const field = environment.observation.find(({ name }) => name === node.field);
    const role = node.role === 'next' ? 'next_obs' : node.role;
    const name = field === undefined ? role : `${role}["${field.name}"]`;
    const unit = field === undefined || field.unit === '1' ? '' : `, ${field.unit}`;
    const about = field === undefined || field.description === '' ? '' : `: ${field.description}`;
    return `    ${name}  ${shapeText(node.type.length, batch)}${unit}${about}`;
  });
  const own = program.graph.ownTotal ? 'The total is its own expression.' : 'The total is their sum.';
  return [
    `"""Reward for ${environment.name}.`,
    ...(program.heading.length > 0 ? ['', ...program.heading.map(escaped)] : []),
    '',
    ...wrapped(`Task: ${escaped(environment.description)}`, ''),
    '',
    ...usage,
    '',
    'Reads:',
    ...(fields.length > 0 ? fields.map(escaped) : ['    nothing of the step']),
    '',
    ...wrapped(`Components: ${program.components.join(', ')}. ${own}`, ''),
    '"""',
  ].map((line) => line.trimEnd());
}

export const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"""', "'''");
