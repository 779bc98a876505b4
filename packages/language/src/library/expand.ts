import { type Graph, number } from '../ir/graph.ts';
import type { Node } from '../ir/node.ts';

/** The functions of the standard library over vectors, as arithmetic on their entries: `javascript.ts`, unrolled. */
export function expandVectorCall(
  graph: Graph,
  callee: string,
  args: readonly (readonly Node[])[],
): readonly Node[] | null {
  const [a = [], b = []] = args;
  const times = (x: Node | undefined, y: Node | undefined): Node =>
    x && y ? graph.binary('*', x, y) : graph.constant(Number.NaN);
  const minus = (x: Node | undefined, y: Node | undefined): Node =>
    x && y ? graph.binary('-', x, y) : graph.constant(Number.NaN);
  const plus = (x: Node | undefined, y: Node | undefined): Node =>
    x && y ? graph.binary('+', x, y) : graph.constant(Number.NaN);
  const total = (nodes: readonly Node[]): Node => nodes.reduce((x, y) => plus(x, y));
  const over = (x: Node | undefined, y: Node): Node => (x ? graph.binary('/', x, y) : y);
  const negative = (x: Node | undefined): Node => (x ? graph.unary('-', x) : graph.constant(Number.NaN));
  const dot = (x: readonly Node[], y: readonly Node[]): Node => total(x.map((entry, index) => times(entry, y[index])));
  const norm = (x: readonly Node[]): Node => graph.call('Math.sqrt', [dot(x, x)], number());
  const cross = (x: readonly (Node | undefined)[], y: readonly (Node | undefined)[]): Node[] => [
    minus(times(x[1], y[2]), times(x[2], y[1])),
    minus(times(x[2], y[0]), times(x[0], y[2])),
    minus(times(x[0], y[1]), times(x[1], y[0])),
  ];
  const conjugate = (q: readonly Node[]): Node[] => [
    q[0] ?? graph.constant(Number.NaN),
    negative(q[1]),
    negative(q[2]),
    negative(q[3]),
  ];
  const product = (p: readonly Node[], q: readonly Node[]): Node[] => [
    minus(minus(minus(times(p[0], q[0]), times(p[1], q[1])), times(p[2], q[2])), times(p[3], q[3])),
    minus(plus(plus(times(p[0], q[1]), times(p[1], q[0])), times(p[2], q[3])), times(p[3], q[2])),
    plus(plus(minus(times(p[0], q[2]), times(p[1], q[3])), times(p[2], q[0])), times(p[3], q[1])),
    plus(minus(plus(times(p[0], q[3]), times(p[1], q[2])), times(p[2], q[1])), times(p[3], q[0])),
  ];
  switch (callee) {
    case 'sum':
      return [total(a)];
    case 'mean':
      return [over(total(a), graph.constant(a.length))];
    case 'dot':
      return [dot(a, b)];
    case 'norm':
      return [norm(a)];
    case 'distance':
      return [norm(a.map((entry, index) => minus(entry, b[index])))];
    case 'cross':
      return cross(a, b);
    case 'quatMul':
      return product(a, b);
    case 'quatConjugate':
      return conjugate(a);
    case 'quatInverse': {
      const square = dot(a, a);
      return [over(a[0], square), ...[a[1], a[2], a[3]].map((entry) => over(negative(entry), square))];
    }
    case 'quatNormalize': {
      const length = norm(a);
      return a.map((entry) => over(entry, length));
    }
    case 'quatRotate': {
      const two = graph.constant(2);
      const u = a.slice(1);
      const turned = cross(u, b).map((entry) => times(two, entry));
      const twice = cross(u, turned);
      return b.map((entry, index) => plus(plus(entry, times(a[0], turned[index])), twice[index]));
    }
    case 'quatAngle': {
      const [w, ...rest] = product(conjugate(a), b);
      const turn = graph.call('Math.atan2', [norm(rest), graph.call('Math.abs', w ? [w] : [], number())], number());
      return [times(graph.constant(2), turn)];
    }
    default:
      return null;
  }
}
