import type { Finding } from '@rewardsmith/contracts';
import type { WarningCode } from '../codes.ts';
import type { Place } from '../trace/values.ts';

/** A warning at a place; where the place is not known, of the program as a whole. */
export function warning(place: Place | undefined, code: WarningCode, message: string, advice: string): Finding {
  const at = place === undefined ? {} : { line: place.line, column: place.column };
  return { code, severity: 'warning', message, advice, ...at };
}

/** A number as it is told to a reader. */
export const shown = (value: number): string => String(Number(value.toPrecision(4)));
