import https from 'node:https';

/** Keeps connections and sessions by host and port, whatever the certificates and anchors are. */
export class HostAgent extends https.Agent {
  override getName({ host, port }: https.RequestOptions = {}): string {
    return `${String(host)}:${String(port)}`;
  }
}

/** Keeps connections by port, certificate and anchors, whatever the host is. */
export class PortAgent extends https.Agent {
  override getName({ port, ca, cert }: https.RequestOptions = {}): string {
    return [port, ca, cert].map(String).join(':');
  }
}
