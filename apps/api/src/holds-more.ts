/** Whether the arrays and objects of a body hold more than so many entries in all. */
export function holdsMore(body: unknown, most: number): boolean {
  const open = [body];
  let left = most;
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    const entries: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    left -= entries.length;
    if (left < 0) return true;
    for (const entry of entries) if (typeof entry === 'object') open.push(entry);
  }
  return false;
}
