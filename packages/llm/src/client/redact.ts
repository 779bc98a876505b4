import { limits } from '../limits.ts';

/** A scheme is looked for in a bounded stretch, so that a long word of many parts is not gone through anew from each of them. */
const userInfo = /(\b[a-z][a-z\d+.-]{0,30}:\/\/)[^\s/@]+@/gi;
/** Keys in the commonest forms, whole or masked in part, whoever they belong to. */
const keyLike = /\bsk-[\w*.-]{6,}|\bBearer\s+[^\s"',;]+/gi;

/**
 * Takes the endpoint's key, and whatever else looks like a credential, out of a text: providers and proxies repeat the request
 * in their errors, and those are stored, streamed and shown.
 */
export function redactor(key: string): (text: string) => string {
  const whole = key.length >= limits.shortestKey ? key : undefined;
  return (text) => {
    const without = whole === undefined ? text : text.replaceAll(whole, '[key]');
    return without.replace(userInfo, '$1[credentials]@').replace(keyLike, '[key]');
  };
}
