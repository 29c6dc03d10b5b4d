import './errors/check-runtime.ts';
export { MtlsFixturesError, type ErrorCode, type ErrorFacts } from './errors/index.ts';
export type { PeerCertificate } from './x509/inspect-certificate.ts';
export { inspectCertificate } from './x509/inspect-certificate.ts';
export type {
  DistinguishedName,
  NameAttribute,
  NamePart,
  ShortNameAttribute,
  Subject,
  SubjectAttributes,
} from './x509/names/distinguished-name.ts';
export type { Extension } from './x509/extensions.ts';
export type { ExtendedKeyUsage, KeyUsage } from './x509/object-identifiers.ts';
export type { AltNames, OtherName } from './x509/names/general-name.ts';
export type { PemInput } from './x509/pem-input.ts';
export type { CertificateIdHash } from './x509/revocation/certificate-id.ts';
export type { OcspCertificateStatus, OcspResponseStatus } from './x509/revocation/ocsp-response.ts';
export type { NameConstraints, NameSubtrees } from './x509/names/name-constraints.ts';
export type { RevocationReason, RevokedCertificate } from './x509/revocation/revocation-list.ts';
export type { Authority } from './pki/authority.ts';
export type { AuthorityOf } from './pki/authority-of.ts';
export type { CertificateHolder } from './pki/certificate-holder.ts';
export type { Identity, TlsMaterial } from './pki/identity.ts';
export { type CombinedPem, identityFromPem, type PemIdentity, type SelfsignedResult } from './pki/formats/identity-from-pem.ts';
export { identityFromPkcs12 } from './pki/formats/identity-from-pkcs12.ts';
export type { KeyAlgorithm } from './pki/key-algorithm.ts';
export type { AuthorityOptions, CertificateOptions, LeafOptions } from './pki/leaf-options.ts';
export type { SvidOptions } from './pki/svid-options.ts';
export type { OcspOptions } from './pki/revocation/ocsp-responder.ts';
export { createPki, type Pki, type PkiOptions } from './pki/pki.ts';
export type { CrlOptions, Revocation } from './pki/revocation/revocation-register.ts';
export { selfSignedIdentity, type SelfSignedOptions } from './pki/self-signed-identity.ts';
export { restorePki } from './pki/formats/restore-pki.ts';
export type { SerializedAuthority, SerializedPki } from './pki/formats/serialized-pki.ts';
export { writeFiles, type DisposableFiles, type IdentityFiles, type PkiFiles, type WriteFilesOptions } from './pki/files/write-files.ts';
export type { FileDamage } from './pki/files/damage.ts';
export type { FilesLayout } from './pki/files/file-layout.ts';
export { attemptHandshake } from './handshake/attempt/attempt-handshake.ts';
export { openConnection, type ConnectionEnd, type ExchangeOptions, type OpenConnection } from './handshake/attempt/open-connection.ts';
export type {
  AlertMessage,
  ApplicationDataMessage,
  BareMessage,
  CertificateMessage,
  CertificateRequestMessage,
  CertificateStatusMessage,
  CertificateVerifyMessage,
  ClientHelloMessage,
  ClientKeyExchangeMessage,
  DecodedMessage,
  EncryptedExtensionsMessage,
  EncryptedMessage,
  EndOfStreamMessage,
  HelloRetryRequestMessage,
  KeyUpdateMessage,
  MessageContent,
  NewSessionTicketMessage,
  OtherHandshakeMessage,
  RequestedAuthority,
  SentCertificate,
  ServerHelloMessage,
  ServerKeyExchangeMessage,
  UnreadableMessage,
} from './wire/decode/decoded-message.ts';
export type { CertificateCompression } from './wire/decode/messages/inflate-certificate.ts';
export type { ExplainOptions } from './handshake/explain/explain.ts';
export type { StarttlsProtocol } from './wire/starttls/negotiate-starttls.ts';
export type { AttemptOptions, Endpoint } from './handshake/attempt/attempt-options.ts';
export type { Evidence } from './handshake/verdict/end-report.ts';
export type { Handshake, ToJsonOptions } from './handshake/verdict/handshake.ts';
export type { HandshakeFacts } from './handshake/verdict/handshake-facts.ts';
export type { Judgement } from './handshake/verdict/judge.ts';
export type { Reason } from './handshake/verdict/reasons/reason.ts';
export { observe } from './handshake/observe/observe.ts';
export { observeListening, type StartListening } from './handshake/observe/observe-listening.ts';
export type { ClientOptions, ObservedServer, RotateOptions } from './handshake/server/observed-server.ts';
export type { ObserveOptions, PkiServerOptions, ServerOptions } from './handshake/server/server-options.ts';
export type { HostOptions, Hosts } from './handshake/server/host-options.ts';
export type { ServedHost } from './handshake/server/host-server.ts';
export type { RotatedCredentials } from './handshake/server/rotated-context.ts';
export type { ClientAuth } from './handshake/server/client-verification.ts';
export type { Staple } from './handshake/server/staple.ts';
export {
  startHttp2Server,
  startHttpsServer,
  startTlsServer,
  type Http2Handler,
  type TlsServerOptions,
} from './handshake/server/start-server.ts';
export type { RevocationLists, Trust } from './handshake/server/trust.ts';
export type { VerifyPeer } from './handshake/verdict/verify-peer.ts';
export type { Alert } from './wire/records/alert-record.ts';
export type { AlertName } from './wire/records/alerts.ts';
export type { Side } from './wire/tap/capture.ts';
export type { TlsRecord } from './wire/records/tls-record.ts';
export type { PlaywrightCertificate } from './pki/formats/playwright-certificate.ts';
export { startRelay } from './relay/start-relay.ts';
export type { DirectionFaults, RelayFaults, RelayOptions } from './relay/relay-options.ts';
export type { Relay } from './relay/relay.ts';
