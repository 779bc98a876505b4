import type { Node, SelectNode } from '../ir/node.ts';
import { reachable } from '../ir/reachable.ts';

/** A stretch of code: the whole program, or one arm of a condition. */
export interface Region {
  readonly items: readonly Item[];
}

/** A line that names a value, or a condition with the values that its arms give. */
export type Item =
  | { readonly kind: 'define'; readonly node: Node }
  | {
      readonly kind: 'fork';
      readonly test: Node;
      readonly selects: readonly SelectNode[];
      readonly yes: Region;
      readonly no: Region;
    };

interface Block {
  parent: Block | null;
}

/** Selections that one branch of the program made under one test: they become one `if`. */
interface Group {
  readonly test: Node;
  readonly selects: SelectNode[];
  readonly yes: Block;
  readonly no: Block;
  home: Block;
}

function depth(block: Block): number {
  let blocks = 0;
  for (let at = block.parent; at !== null; at = at.parent) blocks += 1;
  return blocks;
}

/** The innermost block that holds both: one of two conditions that stand nowhere yet is as good as the other. */
function meet(a: Block, b: Block): Block {
  if (a === b) return a;
  let [x, y] = [a, b];
  for (let excess = depth(a) - depth(b); excess !== 0; excess -= Math.sign(excess)) {
    if (excess > 0) x = x.parent ?? x;
    else y = y.parent ?? y;
  }
  while (x !== y) {
    if (x.parent === null || y.parent === null) return a;
    x = x.parent;
    y = y.parent;
  }
  return x;
}

export interface ScheduleOptions {
  /** Whether a node used this often gets a line of its own. Leaves never do unless `leaf` says so. */
  readonly named: (node: Node, uses: number) => boolean;
}

export interface Schedule {
  readonly region: Region;
  /** Nodes that have a name: lines, and the results of forks. All others are written where they are used. */
  readonly lines: ReadonlySet<Node>;
  /** How often each node is used by another one or as a result. */
  readonly uses: ReadonlyMap<Node, number>;
}

/**
 * Orders a graph into lines and conditions (after Click, "Global code motion / global value numbering", 1995): what only
 * one arm needs moves into that arm, what several places need stands once, before all of them. Lines keep the order in
 * which the program computed them.
 */
export function schedule(roots: readonly Node[], options: ScheduleOptions): Schedule {
  const nodes = reachable(roots);
  const top: Block = { parent: null };
  const groups = new Map<string, Group>();
  const groupOf = new Map<Node, Group>();
  for (const node of nodes) {
    if (node.op !== 'select' || node.args[0] === undefined || node.args[0].type.length !== null) continue;
    let key = `${node.args[0].id} ${node.merge}`;
    if (groups.get(key)?.selects.some((other) => node.args.includes(other))) key = `${key} ${node.id}`;
    const group = groups.get(key) ?? {
      test: node.args[0],
      selects: [],
      yes: { parent: top },
      no: { parent: top },
      home: top,
    };
    group.selects.push(node);
    groups.set(key, group);
    groupOf.set(node, group);
  }
  const home = place(nodes, roots, top, groupOf, [...groups.values()]);
  const uses = new Map<Node, number>();
  const count = (node: Node): void => {
    uses.set(node, (uses.get(node) ?? 0) + 1);
  };
  for (const root of roots) count(root);
  for (const node of nodes) if (!groupOf.has(node)) node.args.forEach(count);
  for (const { test, selects } of groups.values()) {
    count(test);
    for (const select of selects) select.args.slice(1).forEach(count);
  }
  const lines = new Set(nodes.filter((node) => options.named(node, uses.get(node) ?? 0)));
  return { region: arrange(nodes, top, home, groupOf, lines), lines, uses };
}

/** The innermost block that holds all uses of a node; repeated until the blocks of the conditions themselves rest. */
function place(
  nodes: readonly Node[],
  roots: readonly Node[],
  top: Block,
  groupOf: ReadonlyMap<Node, Group>,
  groups: readonly Group[],
): Map<Node, Block> {
  for (;;) {
    const home = new Map<Node, Block>();
    const use = (node: Node, block: Block): void => {
      const known = home.get(node);
      home.set(node, known === undefined ? block : meet(known, block));
    };
    const settled = new Map<Group, Block>();
    for (const root of roots) use(root, top);
    for (const node of nodes.toReversed()) {
      const at = home.get(node) ?? top;
      const group = groupOf.get(node);
      if (group === undefined) {
        for (const arg of node.args) use(arg, at);
        continue;
      }
      const known = settled.get(group);
      settled.set(group, known === undefined ? at : meet(known, at));
      const [test, yes, no] = node.args;
      if (test) use(test, meet(group.home, at));
      if (yes) use(yes, group.yes);
      if (no) use(no, group.no);
    }
    if (settle(groups, settled)) return home;
  }
}

/** Moves each condition to where its results are needed; true when none moved. */
function settle(groups: readonly Group[], settled: ReadonlyMap<Group, Block>): boolean {
  let still = true;
  for (const group of groups) {
    const wanted = settled.get(group);
    if (wanted === undefined || wanted === group.home) continue;
    group.home = wanted;
    still = false;
  }
  for (const group of groups) {
    group.yes.parent = group.home;
    group.no.parent = group.home;
  }
  return still;
}

function arrange(
  nodes: readonly Node[],
  top: Block,
  home: ReadonlyMap<Node, Block>,
  groupOf: ReadonlyMap<Node, Group>,
  lines: Set<Node>,
): Region {
  interface Placed {
    readonly at: number;
    readonly item: Item;
  }
  const items = new Map<Block, Placed[]>();
  const put = (block: Block, placed: Placed): void => {
    const known = items.get(block);
    if (known === undefined) items.set(block, [placed]);
    else known.push(placed);
  };
  const region = (block: Block): Region => ({
    items: (items.get(block) ?? []).toSorted((a, b) => a.at - b.at).map(({ item }) => item),
  });
  // Inner conditions end before outer ones begin to be used, so going up the identifiers meets them first.
  const finished = new Set<Group>();
  for (const node of nodes) {
    const group = groupOf.get(node);
    if (group === undefined) {
      if (lines.has(node)) put(home.get(node) ?? top, { at: node.id, item: { kind: 'define', node } });
      continue;
    }
    if (finished.has(group) || group.selects.at(-1) !== node) continue;
    finished.add(group);
    const [only] = group.selects;
    const plain = !items.has(group.yes) && !items.has(group.no);
    if (plain && group.selects.length === 1 && only !== undefined) {
      if (lines.has(only)) put(group.home, { at: node.id, item: { kind: 'define', node: only } });
      continue;
    }
    for (const select of group.selects) lines.add(select);
    const item: Item = {
      kind: 'fork',
      test: group.test,
      selects: group.selects,
      yes: region(group.yes),
      no: region(group.no),
    };
    put(group.home, { at: node.id, item });
  }
  return region(top);
}
