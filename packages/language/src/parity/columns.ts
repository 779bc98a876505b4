import { columnLayout, type Environment } from '@rewardsmith/contracts';
import type { Node } from '../ir/node.ts';

/** Where in a row each column stands, by its role, field and index. */
export function columnPlaces(environment: Environment): ReadonlyMap<string, number> {
  return new Map(columnLayout(environment).map(({ role, field, index }, at) => [`${role} ${field} ${index}`, at]));
}

/** Where in a row a node of a scalar program reads an input; -1 for other nodes. */
export function columnOf(environment: Environment): (node: Node) => number {
  const places = columnPlaces(environment);
  return (node) => {
    const source = node.op === 'take' ? node.args[0] : node;
    const index = node.op === 'take' ? (node.indices[0] ?? 0) : 0;
    return source?.op === 'input' ? (places.get(`${source.role} ${source.field} ${index}`) ?? -1) : -1;
  };
}
