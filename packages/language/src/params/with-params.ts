import { parse } from '../parse/parse.ts';
import { type Edit, edited, type Fields, isSyntax, paramsLiteral, spelled } from './syntax.ts';

export type Rewritten =
  | { readonly ok: true; readonly source: string }
  | { readonly ok: false; readonly code: 'no-params' | 'unknown-param' | 'not-finite'; readonly message: string };

/**
 * The program with other values for its tunable numbers, written into its `params` literal; all else stays as it is.
 * Names are those of `RewardProgram.params`: dotted for nested ones, numbers for the entries of a vector.
 */
export function withParams(source: string, values: ReadonlyMap<string, number>): Rewritten {
  const outcome = parse(source);
  const { program, text } = outcome.ok ? outcome.parsed : { program: null, text: source };
  const literal = isSyntax(program) ? paramsLiteral(program) : null;
  if (literal === null) return { ok: false, code: 'no-params', message: 'The program declares no params as a record.' };
  const edits: Edit[] = [];
  const entries: Entries = new Map();
  for (const [name, value] of values) {
    if (!Number.isFinite(value)) {
      return { ok: false, code: 'not-finite', message: `The value of \`${name}\` is not a finite number.` };
    }
    const edit = editOf(literal, name.split('.'), value, entries);
    if (edit === null) return { ok: false, code: 'unknown-param', message: `\`params\` spells no entry \`${name}\`.` };
    edits.push(edit);
  }
  return { ok: true, source: edited(text, edits) };
}

/** The entries of the records that were looked into, by their names. */
type Entries = Map<Fields, ReadonlyMap<string, Fields>>;

function editOf(holder: Fields, path: readonly string[], value: number, entries: Entries): Edit | null {
  const [name = '', ...rest] = path;
  if (holder.type === 'ArrayExpression' && Array.isArray(holder['elements'])) {
    return inside(holder['elements'][Number(name)], rest, value, entries);
  }
  if (holder.type !== 'ObjectExpression' || !Array.isArray(holder['properties'])) return null;
  const known = entries.get(holder) ?? entriesOf(holder['properties']);
  entries.set(holder, known);
  const property = known.get(name);
  if (property === undefined) return null;
  if (property['shorthand'] === true && rest.length === 0) {
    return { start: property.end, end: property.end, text: `: ${spelled(value)}` };
  }
  return inside(property['value'], rest, value, entries);
}

/** The last of each name. */
function entriesOf(properties: readonly unknown[]): ReadonlyMap<string, Fields> {
  return new Map(
    properties.flatMap((property): [string, Fields][] => {
      const name = isSyntax(property) && property.type === 'Property' ? nameOf(property) : null;
      return isSyntax(property) && name !== null ? [[name, property]] : [];
    }),
  );
}

function inside(value: unknown, rest: readonly string[], number: number, entries: Entries): Edit | null {
  if (!isSyntax(value) || value.type === 'SpreadElement') return null;
  if (rest.length === 0) return { start: value.start, end: value.end, text: spelled(number) };
  const args = value['arguments'];
  const held = value.type === 'CallExpression' && Array.isArray(args) ? args[0] : value;
  return isSyntax(held) ? editOf(held, rest, number, entries) : null;
}

function nameOf(property: Fields): string | null {
  const { key } = property;
  if (!isSyntax(key) || property['computed'] === true) return null;
  return key.type === 'Identifier' ? String(key['name']) : String(key['value']);
}
