import type { Reply, Request } from '../channel/messages.ts';

type Kind = Reply['type'];

/** What a runner may say next. */
export interface Due {
  readonly replies: readonly Kind[];
  /** What ends the request once the candidate's part is over. */
  readonly answer: Kind | undefined;
}

const nothing: Due = { replies: [], answer: undefined };

/** What is due from a runner that starts. */
export const dueAtStart: Due = { replies: ['ready'], answer: undefined };

/** What a request makes due. */
export function dueAfterRequest(request: Request['type']): Due {
  switch (request) {
    case 'record':
      return { replies: ['recorded', 'broken'], answer: undefined };
    case 'load':
      return { replies: ['loaded', 'broken'], answer: undefined };
    case 'forget':
      return nothing;
    case 'label':
      return { replies: ['done', 'fault', 'broken'], answer: 'labels' };
    case 'train':
      return { replies: ['progress', 'done', 'fault', 'broken'], answer: 'trained' };
    case 'raw':
      return { replies: ['done', 'fault', 'broken'], answer: undefined };
  }
}

/** What is due once a reply that was due has come. */
export function dueAfterReply(due: Due, reply: Kind): Due {
  if (reply === 'progress') return due;
  if (reply === 'done' && due.answer !== undefined) return { replies: [due.answer, 'broken'], answer: undefined };
  return nothing;
}
