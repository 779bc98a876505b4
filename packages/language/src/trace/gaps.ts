import { type Trace, warn } from './trace.ts';
import { contents, type Place } from './values.ts';

/** One warning for each return that leaves components out; where no single one does, one for each component. */
export function warnOfGaps(trace: Trace, missing: ReadonlyMap<string, Place>): void {
  const told = new Set<string>();
  for (const { value, place } of trace.returns) {
    const now = contents(value);
    if (now.kind !== 'record') continue;
    const inner = now.fields.get('components');
    const held = inner === undefined ? now : contents(inner.value);
    if (held.kind !== 'record') continue;
    const names = [...missing.keys()].filter((name) => !held.fields.has(name));
    if (names.length > 0) warnOfGap(trace, place, names, 'This return leaves out');
    for (const name of names) told.add(name);
  }
  for (const [name, place] of missing) if (!told.has(name)) warnOfGap(trace, place, [name], 'Some paths leave out');
}

function warnOfGap(trace: Trace, place: Place, names: readonly string[], what: string): void {
  const list = names.map((name) => `\`${name}\``).join(', ');
  const zeros = names.map((name) => `${name}: 0`).join(', ');
  const [counts, there] = names.length === 1 ? ['it counts', 'component'] : ['they count', 'components'];
  const advice = `Return \`${zeros}\` there, too.`;
  warn(trace, place, 'component-missing', `${what} the ${there} ${list}; ${counts} 0 there.`, advice);
}
