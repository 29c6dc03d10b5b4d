import { application, onTwoPorts } from './application.ts';
import {
  byAlb,
  byApache,
  byAppService,
  byBase64,
  byClientCert,
  byCloudflare,
  byEnvoy,
  byGcp,
  byHaproxy,
  byLastOfEnvoy,
  byNginx,
  byTraefik,
  byUnverifiedAlb,
  byUnverifiedClientCert,
} from './correct-identities.ts';
import type { ForwardedApplication } from './forwarded-application.ts';
import { clientCertificate, passportClientCert } from './packages.ts';
import { asFrontProxy, behindFrontProxy } from './front-proxy.ts';
import { lineOf, withoutLines } from './reading/header-lines.ts';
import { header, proxied } from './terminating-proxy.ts';

/** Applications that read their proxy's headers as they should. */
export const correctApplications: readonly ForwardedApplication[] = [
  { name: 'http behind a proxy of RFC 9440 that verifies', format: 'rfc9440', start: () => application('http', byClientCert) },
  {
    name: 'fastify behind a proxy of RFC 9440 that does not verify',
    format: 'rfc9440',
    options: { proxyVerifies: false },
    start: ({ pki }) => application('fastify', byUnverifiedClientCert(pki)),
  },
  { name: 'express behind Envoy', format: 'envoy', start: () => application('express', byEnvoy) },
  { name: 'koa behind Envoy, which appends', format: 'envoy', start: () => application('koa', byLastOfEnvoy) },
  { name: 'koa behind nginx', format: 'nginx', start: () => application('koa', byNginx) },
  { name: 'express behind Apache', format: 'apache', start: () => application('express', byApache) },
  { name: 'http behind HAProxy', format: 'haproxy', start: () => application('http', byHaproxy) },
  { name: 'koa behind Caddy', format: 'caddy', start: () => application('koa', byBase64('X-Client-Cert')) },
  {
    name: 'express behind Traefik',
    format: 'traefik',
    options: { proxyVerifies: false },
    start: ({ pki }) => application('express', byTraefik(pki)),
  },
  { name: "express behind Amazon's load balancer", format: 'aws-alb', start: () => application('express', byAlb) },
  {
    name: "fastify behind Amazon's load balancer, which passes through",
    format: 'aws-alb-passthrough',
    options: { proxyVerifies: false },
    start: ({ pki }) => application('fastify', byUnverifiedAlb(pki)),
  },
  {
    name: 'http behind Azure App Service',
    format: 'azure-app-service',
    options: { proxyVerifies: false },
    start: ({ pki }) => application('http', byAppService(pki)),
  },
  { name: "fastify behind Google's load balancer", format: 'gcp', start: () => application('fastify', byGcp) },
  { name: 'http behind Cloudflare', format: 'cloudflare', start: () => application('http', byCloudflare) },
  {
    name: "express with a port that is not the proxy's",
    format: 'nginx',
    start: () => onTwoPorts('express', byNginx, () => undefined),
  },
  {
    name: 'a proxy that replaces the header, and its application',
    format: 'caddy',
    through: 'proxy',
    start: ({ pki }) => proxied({ pki, identify: byBase64(header), forward: (request, own) => [...withoutLines(request, header), ...own] }),
  },
  {
    name: "https behind Kubernetes' front proxy",
    format: 'kubernetes-front-proxy',
    options: { connect: asFrontProxy },
    start: ({ pki }) => behindFrontProxy(pki, (request) => lineOf(request, 'X-Remote-User')),
  },
  {
    name: 'express with passport-client-cert, where TLS ends',
    format: 'nginx',
    through: 'proxy',
    start: ({ pki }) => passportClientCert(pki),
  },
  {
    name: 'express with client-certificate-auth, where TLS ends',
    format: 'aws-alb',
    through: 'proxy',
    start: ({ pki }) => clientCertificate(pki),
  },
];
