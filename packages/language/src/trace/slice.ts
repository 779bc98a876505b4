import { freshVector, list } from './items.ts';
import { refuse, type Trace } from './trace.ts';
import { type Place, poison, type Value } from './values.ts';

export function bounds(
  trace: Trace,
  from: Value,
  to: Value | undefined,
  length: number,
  place: Place,
): [number, number] | null {
  const read = (value: Value | undefined, missing: number): number | null => {
    if (value === undefined || value.kind === 'undefined') return missing;
    return value.kind === 'number' ? value.value : null;
  };
  const start = read(from, 0);
  const end = read(to, length);
  if (start === null || end === null) {
    refuse(
      trace,
      place,
      'unsupported-index',
      'slice is given a bound that is only known at run time.',
      'Use fixed bounds.',
    );
    return null;
  }
  const clip = (at: number): number => Math.trunc(at < 0 ? Math.max(0, length + at) : Math.min(at, length));
  return [clip(start), Math.max(clip(start), clip(end))];
}

export function sliceVector(
  trace: Trace,
  vector: Value & { kind: 'vector' },
  from: Value,
  to: Value | undefined,
  place: Place,
): Value {
  const range = bounds(trace, from, to, vector.node.type.length ?? 0, place);
  if (range === null) return poison;
  const [start, end] = range;
  if (start === end) return list(trace, []);
  return freshVector(
    trace,
    trace.graph.takeMany(
      vector.node,
      Array.from({ length: end - start }, (_, index) => start + index),
    ),
  );
}
