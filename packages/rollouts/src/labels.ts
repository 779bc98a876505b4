/** What a reward program says of a rollout: one `Float64Array` a name, one number a step. */
export interface Labels {
  /** The program's components in its own order, `total` last; or those that were asked for, in the order asked. */
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}

/** The column of one component, or of `total`. Throws a `RangeError` when the labels have no such name. */
export function labelColumn(labels: Labels, name: string): Float64Array {
  const column = labels.columns[labels.names.indexOf(name)];
  if (column === undefined) throw new RangeError(`labels have no component "${name}"`);
  return column;
}
