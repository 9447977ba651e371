// A web server of a test's own, whose one page is what the test says.
import type { OutgoingHttpHeaders } from 'node:http';
import { type ListeningPage, listeningPage } from './listening.js';

export interface Answer {
  status?: number;
  headers?: OutgoingHttpHeaders;
  body?: string;
}

export interface ServedPage extends ListeningPage {
  /** `nothing`: it takes the request and stays silent. `hang up`: it closes the connection. */
  answer(next: Answer | 'nothing' | 'hang up'): void;
  /** Paths that were asked for. */
  asked: string[];
}

export const servedPage = async (): Promise<ServedPage> => {
  let now: Answer | 'nothing' | 'hang up' = {};
  const asked: string[] = [];
  const page = await listeningPage((request, response) => {
    asked.push(request.url ?? '');
    if (now === 'hang up') request.socket.destroy();
    else if (now !== 'nothing') response.writeHead(now.status ?? 200, now.headers).end(now.body ?? '');
  });
  return {
    ...page,
    answer: (next) => {
      now = next;
    },
    asked,
  };
};
