import http2 from 'node:http2';
import https from 'node:https';
import express from 'express';
import { listenObserved, userOptions } from '../listen-observed.ts';
import { getByHttps } from '../node-clients.ts';
import { clientSubject, testFramework } from './framework-suite.ts';

testFramework('Express over https', {
  start: (options) => listenObserved(https.createServer(userOptions(options), createApp())),
  call: getByHttps,
});

/** Express 5.3 reads the members of HTTP/1 messages and throws on those of HTTP/2 (measured): an http2 server serves it HTTP/1.1 only. */
testFramework('Express over HTTP/1.1 of an http2 server', {
  start: (options) => listenObserved(http2.createSecureServer({ ...userOptions(options), allowHTTP1: true }, createApp() as AnyListener)),
  call: getByHttps,
});

type AnyListener = (request: unknown, response: unknown) => void;

function createApp(): express.Express {
  const app = express();
  app.set('env', 'test'); // it does not print the errors
  app.get('/', (request, response) => void response.send(`hello ${clientSubject(request.socket)}`));
  app.get('/broken', () => {
    throw new Error('broken');
  });
  return app;
}
