// Runs inside the isolate: the program as plain JavaScript, row by row, against its kernel over the same columns.
(() => {
  const { environment, layout, columns, length, episodes, kernel } = input;
  const key = ({ role, field, index }) => `${role} ${field} ${index}`;
  const at = new Map(layout.map((column, index) => [key(column), index]));
  const offsets = Uint32Array.from({ length: episodes + 1 }, (_, episode) => (episode * length) / episodes);
  const label = (first) => {
    const labels = kernel.outputs.map(() => new Float64Array(length));
    kernelFunction(
      kernel.columns.map((column) => columns[at.get(key(column))]),
      offsets,
      first,
      new Float64Array(kernel.params.map(({ value }) => value)),
      labels,
    );
    return labels;
  };
  const outputs = label(episodes);
  const bits = (x) => new BigUint64Array(new Float64Array([x]).buffer)[0];
  const same = (a, b) => (Number.isNaN(a) && Number.isNaN(b)) || bits(a) === bits(b);
  const column = (role, field, index, step) => columns[at.get(`${role} ${field} ${index}`)][step];
  const record = (role, step) =>
    Object.fromEntries(
      environment.observation.map(({ name, shape, unit }) => {
        const entry = (index) =>
          unit === 'boolean' ? column(role, name, index, step) !== 0 : column(role, name, index, step);
        return [name, shape.length === 0 ? entry(0) : Array.from({ length: shape[0] }, (_, index) => entry(index))];
      }),
    );
  const differences = [];
  let carried;
  for (let step = 0; step < length; step++) {
    if (offsets.includes(step)) carried = module.memory === undefined ? undefined : structuredCloneOf(module.memory);
    const { action } = environment;
    const result = module.reward({
      obs: record('obs', step),
      action:
        action.kind === 'discrete'
          ? column('action', '', 0, step)
          : Array.from({ length: action.shape[0] }, (_, index) => column('action', '', index, step)),
      next: record('next', step),
      terminated: column('terminated', '', 0, step) !== 0,
      truncated: column('truncated', '', 0, step) !== 0,
      env: environment.constants,
      params: module.params,
      memory: carried,
    });
    const components = result.components ?? result;
    if (result.memory !== undefined) carried = { ...carried, ...result.memory };
    const total =
      'total' in result
        ? result.total
        : Object.values(components)
            .filter((value) => typeof value !== 'object')
            .map(Number)
            .reduce((a, b) => a + b);
    kernel.outputs.forEach((name, index) => {
      const expected = Number(name === 'total' ? total : (components[name] ?? 0));
      const found = outputs[index][step];
      if (!same(expected, found)) differences.push({ step, name, expected: String(expected), found: String(found) });
    });
  }
  // It may go two steps at a time: over any number of them, and no step further.
  for (let first = 0; first <= episodes; first++) {
    label(first).forEach((column, index) => {
      const end = offsets[first];
      for (let step = 0; step < length; step++) {
        const expected = step < end ? outputs[index][step] : 0;
        const name = `${kernel.outputs[index]}, of ${end} steps`;
        if (!same(expected, column[step])) {
          differences.push({ step, name, expected: String(expected), found: String(column[step]) });
        }
      }
    });
  }
  return JSON.stringify(differences.slice(0, 5));
})();
