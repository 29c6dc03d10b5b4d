import https from 'node:https';
import { inspect } from 'node:util';
import { once } from 'node:events';
import { createPki, startHttpsServer, startTlsServer } from '../src/index.ts';
import { Client as Elastic } from '@elastic/elasticsearch';
import { io } from 'socket.io-client';
import { Server as IoServer } from 'socket.io';
import cassandra from 'cassandra-driver';
import { Agent, WebSocket as UWS, EventSource as UES, setGlobalDispatcher } from 'undici';

process.on('unhandledRejection', (e) => console.log('UNHANDLED', e));
const pki = createPki();
const stranger = createPki();
const expired = pki.client('old', { notAfter: new Date(0) });
const good = pki.client('alice');
function walk(v: any, path = 'error', seen = new Set(), depth = 0): void {
  if (typeof v === 'string' && /alert|certificate|expired|EPROTO|ERR_SSL|CERT_|altname|other side/i.test(v)) { console.log('   ', path, JSON.stringify(v.slice(0, 140))); return; }
  if (typeof v !== 'object' || v === null || seen.has(v) || depth > 9) return;
  seen.add(v);
  if (v instanceof Map) { for (const [k, x] of v) walk(x, `${path}<${String(k)}>`, seen, depth + 1); return; }
  let keys: (string|symbol)[] = Reflect.ownKeys(v);
  for (const k of ['message', 'error', 'code', 'reason', 'cause']) if (k in v && !keys.includes(k)) keys.push(k);
  for (const k of keys) { if (k === 'stack' || k === 'pem' || k==='_handle') continue; try { walk(v[k as any], `${path}.${String(k)}`, seen, depth + 1); } catch {} }
}
const calls: Record<string, (port: number, tls: any) => Promise<any>> = {
  elastic: async (port, tls) => { const c = new Elastic({ node: `https://localhost:${port}`, tls, maxRetries: 0 }); try { return await c.ping(); } finally { await c.close(); } },
  'socket.io ws': (port, tls) => new Promise((res, rej) => { const s = io(`wss://localhost:${port}`, { ...tls, transports: ['websocket'], reconnection: false, forceNew: true }); s.on('connect', () => { s.close(); res('ok'); }); s.on('connect_error', (e) => { s.close(); rej(e); }); }),
  'socket.io polling': (port, tls) => new Promise((res, rej) => { const s = io(`https://localhost:${port}`, { ...tls, transports: ['polling'], reconnection: false, forceNew: true }); s.on('connect', () => { s.close(); res('ok'); }); s.on('connect_error', (e) => { s.close(); rej(e); }); }),
  cassandra: async (port, tls) => { const c = new cassandra.Client({ contactPoints: [`localhost:${port}`], localDataCenter: 'dc1', sslOptions: { ...tls, host: 'localhost' } }); try { await c.connect(); return 'ok'; } finally { await c.shutdown(); } },
  undiciWS: (port, tls) => new Promise((res, rej) => { const s = new UWS(`wss://localhost:${port}`, { dispatcher: new Agent({ connect: tls }) }); s.onopen = () => { s.close(); res('ok'); }; s.onerror = (e) => rej(e); }),
  undiciES: (port, tls) => new Promise((res, rej) => { const s = new UES(`https://localhost:${port}`, { node: {dispatcher: new Agent({ connect: tls }) } } as any); s.onopen = () => { s.close(); res('ok'); }; s.onerror = (e) => {s.close(); rej(e);} }),
};
for (const maxVersion of ['TLSv1.3', 'TLSv1.2'] as const)
for (const [name, call] of Object.entries(calls)) {
  if (process.argv[2] && !name.includes(process.argv[2])) continue;
  for (const [what, identity, client] of [['expired client', pki.server(), expired], ['none', pki.server(), undefined], ['wrong CA server', stranger.server(), good], ['other host', pki.server({ dns: 'other.test', ip: [] }), good]] as const) {
    await using server = await startHttpsServer((q, r) => void r.end('x'), { identity, trust: pki.anchors });
    console.log(`== ${name} ${maxVersion} ${what}`);
    try { console.log('  resolved', await Promise.race([call(server.port, { ...(client?.tls ?? { ca: pki.anchors }), maxVersion }), new Promise((r) => setTimeout(() => r('TIMEOUT'), 4000))])); }
    catch (e: any) { console.log('  ', e?.constructor?.name, e?.name, '|', e?.message, '|', e?.code); walk(e); if (process.argv[3]) console.log(inspect(e, { depth: 6, showHidden: true })); }
  }
}
process.exit();
