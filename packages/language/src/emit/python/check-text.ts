import type { RewardProgram } from '../../ir/program.ts';

/** Names that the self-checks use beside the program's own. */
export const checkNames: readonly string[] = [
  ...['check_parity', 'is_close', 'columns', 'numbers', 'count', 'differences', 'difference', 'json', 'struct', 'sys'],
];

/** How close a value has to come to the sandbox's own, as a share of it: `Math` may differ in the last place of each call. */
const RELATIVE_TOLERANCE = '1e-9';

const close = `def is_close(got, expected, scale):
    """Whether two numbers agree up to the last places of Python's and JavaScript's mathematics.

    Terms of the size of scale that cancel leave a number smaller than their own last places.
    """
    if got == expected or (got != got and expected != expected):
        return True
    return abs(got - expected) <= ${RELATIVE_TOLERANCE} * max(abs(expected), scale, 1e-300) < float("inf")`;

const opening = `def check_parity(path):
    """Runs the rows of a parity file; returns their number and what differs."""
    with open(path, encoding="utf-8") as file:
        episodes = json.load(file)["episodes"]
    rows = 0
    faults = []`;

const compare = (indent: string): string =>
  [
    `for name, got in found.items():`,
    `    expected = float(row["total"] if name == "total" else row["components"][name])`,
    `    if not is_close(got, expected, row.get("scale", {}).get(name, 0.0)):`,
    `        faults.append(f"row {rows}: {name} is {got!r}, expected {expected!r}")`,
    `rows += 1`,
  ]
    .map((line) => indent + line)
    .join('\n');

const main = `if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} PARITY.json")
    count, differences = check_parity(sys.argv[1])
    for difference in differences:
        print(difference)
    print(f"{count} rows, {len(differences)} differences")
    sys.exit(1 if differences else 0)`;

/** The self-check of a module that takes one step at a time. */
export function stepCheck({ entry, memory }: RewardProgram): string {
  const keeps = memory.size > 0;
  const call = `${entry}(*step${keeps ? ', memory=memory' : ''})`;
  const numbers = `def numbers(value):
    """A value of a parity file, in which JSON spells NaN and the infinities as text."""
    if isinstance(value, dict):
        return {name: numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [numbers(each) for each in value]
    return float(value) if isinstance(value, str) else value`;
  const check = `${opening}
    for episode in episodes:${keeps ? '\n        memory = MEMORY' : ''}
        for row in episode:
            given = numbers(row["input"])
            step = [given[name] for name in ("obs", "action", "next", "terminated", "truncated")]
            total, components${keeps ? ', memory' : ''} = ${call}
            found = {**components, "total": total}
${compare('            ')}
    return rows, faults`;
  return [close, numbers, check, main].join('\n\n\n');
}

const indented = (text: string, by: number): string => text.replaceAll(/^(?=.)/gm, ' '.repeat(by));

const batchCheck = ({ entry, memory }: RewardProgram, start: string, item: string, further = ''): string => {
  const keeps = memory.size > 0;
  const given = `given = columns([row["input"] for row in batch])
step = [given[name] for name in ("obs", "action", "next", "terminated", "truncated")]
total, components${keeps ? ', memory' : ''} = ${entry}(*step${keeps ? ', memory' : ''}${further})
for index, row in enumerate(batch):
    found = {name: ${item} for name, values in components.items()}
    found["total"] = ${item.replace('values', 'total')}
${compare('    ')}`;
  // Without memory every episode is one step, so all of them are one batch.
  const body = keeps
    ? `    # Step by step, the episodes of one length are the batch.
    for length in sorted({len(episode) for episode in episodes}):
        together = [episode for episode in episodes if len(episode) == length]
        memory = initial_memory(${start})
        for batch in zip(*together):
${indented(given, 12)}`
    : `    for batch in zip(*episodes):
${indented(given, 8)}`;
  return `${opening}
${body}
    return rows, faults`;
};

/** The self-check of a NumPy module. */
export function numpyCheck(program: RewardProgram): string {
  const columns = `def columns(values):
    """Rows of a parity file as arrays; JSON spells NaN and the infinities as text."""
    if isinstance(values[0], dict):
        return {name: columns([value[name] for value in values]) for name in values[0]}
    return np.array(values, dtype=bool if isinstance(values[0], bool) else np.float64)`;
  return [close, columns, batchCheck(program, 'len(together)', 'float(values[index])'), main].join('\n\n\n');
}

/** The self-check of a PyTorch module, in double precision on the CPU; `takesDtype` when no field gives it. */
export function torchCheck(program: RewardProgram, takesDtype: boolean): string {
  const columns = `def numbers(value):
    """A value of a parity file, in which JSON spells NaN and the infinities as text."""
    return [numbers(each) for each in value] if isinstance(value, list) else float(value)


def columns(values):
    """Rows of a parity file as tensors of double precision."""
    if isinstance(values[0], dict):
        return {name: columns([value[name] for value in values]) for name in values[0]}
    if isinstance(values[0], bool):
        return torch.tensor(values)
    return torch.tensor(numbers(values), dtype=torch.float64)`;
  const start = 'torch.zeros(len(together), dtype=torch.float64)';
  return [
    close,
    columns,
    batchCheck(program, start, 'values[index].item()', takesDtype ? ', dtype=torch.float64' : ''),
    main,
  ].join('\n\n\n');
}
