import type { ModelTerms } from '@rewardsmith/contracts';
import type { Conversation } from '@rewardsmith/llm';
import type { AskedCall } from '@rewardsmith/store';

/** A task's calls as a record that can be run again; one that is still under way, or was never sent, is left out. */
export function conversationOf(terms: ModelTerms, rows: readonly AskedCall[]): Conversation {
  return {
    format: 'rewardsmith-conversation-1',
    terms,
    calls: rows.flatMap((row) =>
      row.status === 'reserved' || row.outcome === null || row.outcome === 'unsent'
        ? []
        : [
            {
              key: row.key,
              purpose: row.purpose,
              prompt: row.prompt,
              requestHash: row.requestHash,
              request: { ...row.request, messages: [...row.request.messages] },
              outcome: row.outcome,
              message: row.message,
              answer: row.answer,
              tries: [...row.tries],
              cost: row.cost,
            },
          ],
    ),
  };
}
