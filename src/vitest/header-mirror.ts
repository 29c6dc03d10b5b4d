import type http from 'node:http';

/** The application behind the fixture `gateway` by default: answers with the headers that it got as JSON, a list of lines for each name. */
export function headerMirror({ headersDistinct }: http.IncomingMessage, response: http.ServerResponse): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(headersDistinct));
}
