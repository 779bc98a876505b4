import type { Finding } from '@rewardsmith/contracts';
import { untrusted } from '@rewardsmith/llm';

/** A finding as a prompt may hold it: a model may have written it, and what it wrote can neither end an element or a fence nor begin one. */
export function quotable(finding: Finding): Finding {
  return { ...finding, message: untrusted(finding.message), advice: untrusted(finding.advice) };
}
