import type { ObservationField } from '@rewardsmith/contracts';

export function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A number with three significant digits, as it is written. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** The width of a scalar field's bounds; 1 where it is unbounded. */
export function width(field: ObservationField): number {
  const { low, high } = field;
  return typeof low === 'number' && typeof high === 'number' && high > low ? high - low : 1;
}

/** Names say which way is good: distances are to be made small, counts of what was done large, hazards avoided. */
export const isDistance = (field: ObservationField): boolean =>
  /distance|error|deviation|gap|remaining/i.test(field.name);
export const isCount = (field: ObservationField): boolean =>
  /visited|explored|collected|count|reached|opened/i.test(field.name);
export const isHazard = (field: ObservationField): boolean =>
  /lava|fall|fell|crash|collision|collid|danger|hazard|stuck|broken|dead|died|damage/i.test(field.name);
export const isPlace = (field: ObservationField): boolean =>
  /position|place|location/i.test(field.name) && field.shape.length === 1;
export const isFlag = (field: ObservationField): boolean => field.unit === 'boolean';
export const isRate = (field: ObservationField): boolean => /\/(?:s|step)$/.test(field.unit);
export const isAngle = (field: ObservationField): boolean => field.unit === 'rad' || field.unit === 'deg';

/** Words that say what is measured, not of what. */
const measures = /^(?:at|has|in|is|on|to|near|nearest|distance|offset|visible|ahead|open|x|y|z|left|right|count)$/;

/** What a field is about: the words of its name, without those that every name has. */
export function subjects(name: string): readonly string[] {
  const words = name.split(/(?=[A-Z])|[_\d]+/).map((word) => word.toLowerCase());
  return words.filter((word) => word !== '' && !measures.test(word)).map((word) => word.replace(/s$/, ''));
}

/** Whether two fields speak of the same thing, by their names. */
export function related(first: string, second: string): boolean {
  const words = new Set(subjects(first));
  return subjects(second).some((word) => words.has(word));
}
