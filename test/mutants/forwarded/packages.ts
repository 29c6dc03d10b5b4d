import { createServer, type IncomingMessage, type Server } from 'node:http';
import https from 'node:https';
import type { PeerCertificate } from 'node:tls';
import clientCertificateAuth from 'client-certificate-auth';
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import { Strategy as CertHeaderStrategy } from 'passport-cert-header';
import { Strategy as ClientCertStrategy } from 'passport-client-cert';
import type { Pki } from '../../../src/index.ts';

/** Express with the package passport-cert-header, which reads Base64 in a header. */
export function passportCertHeader(header: string): Server {
  // Its types have the whole certificate in the place of { cert }.
  const strategy = new CertHeaderStrategy({ header }, (given, done) => {
    done(null, isClient((given as unknown as { readonly cert: PeerCertificate }).cert));
  });
  return createServer(applicationWith(byStrategy(strategy as unknown as Strategy))); // its types leave out `authenticate`
}

/** Express with the package passport-client-cert, which reads the certificate of the connection. */
export function passportClientCert(pki: Pki): https.Server {
  const strategy = new ClientCertStrategy((certificate, done) => {
    done(null, isClient(certificate as unknown as PeerCertificate)); // what Node.js gives
  });
  return https.createServer(mutualTls(pki), applicationWith(byStrategy(strategy as Strategy)));
}

/** Express with the package client-certificate-auth, whose version in npm's registry reads the certificate of the connection. */
export function clientCertificate(pki: Pki): https.Server {
  return https.createServer(mutualTls(pki), applicationWith(clientCertificateAuth(isClient)));
}

function isClient({ subject }: PeerCertificate): boolean {
  return subject.CN === 'client';
}

function applicationWith(middleware: RequestHandler): express.Express {
  const app = express();
  app.use(middleware);
  app.use((_request, response) => {
    response.send('client\n');
  });
  app.use(((error: { readonly status?: number }, _request, response, _next) => {
    response.sendStatus(error.status ?? 500);
  }) satisfies ErrorRequestHandler);
  return app;
}

/** What Passport needs of a strategy. */
interface Strategy {
  authenticate(request: IncomingMessage, options: object): void;
}

/** As Passport does it: it gives each request a strategy of its own, with what is to be done next. */
function byStrategy(strategy: Strategy): RequestHandler {
  return (request, response, next) => {
    const outcomes = { success: () => next(), fail: () => response.sendStatus(401), error: next };
    const own = Object.assign(Object.create(strategy) as Strategy, outcomes); // it inherits from one
    own.authenticate(request, {});
  };
}

function mutualTls(pki: Pki): https.ServerOptions {
  const { keyPem, chainPem } = pki.server();
  return { key: keyPem, cert: chainPem, ca: pki.anchors, requestCert: true, rejectUnauthorized: false };
}
