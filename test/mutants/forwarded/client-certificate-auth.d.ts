declare module 'client-certificate-auth' {
  import type { PeerCertificate } from 'node:tls';
  import type { RequestHandler } from 'express';
  export default function clientCertificateAuth(isAuthorized: (certificate: PeerCertificate) => boolean): RequestHandler;
}
