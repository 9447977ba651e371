// A web server of a test's own on loopback, which keeps what is posted to it.
import { text } from 'node:stream/consumers';
import { type ListeningPage, listeningPage } from './listening.js';

export interface Posted {
  method: string;
  /** With the query. */
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

export interface PostedPage extends ListeningPage {
  posted: Posted[];
  /** A status; or it stays silent. */
  answer(next: number | 'nothing'): void;
}

export const postedPage = async (): Promise<PostedPage> => {
  const posted: Posted[] = [];
  let now: number | 'nothing' = 200;
  const page = await listeningPage((request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '', headers } = request;
      posted.push({ method, path: url, headers, body });
      if (now !== 'nothing') response.writeHead(now, { location: '/elsewhere' }).end('OK');
    });
  });
  return {
    ...page,
    posted,
    answer: (next) => {
      now = next;
    },
  };
};
