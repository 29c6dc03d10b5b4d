export { MtlsMariadb, MtlsMysql, type MysqlClientOptions, StartedMtlsMysql } from './mysql.ts';
export { MtlsNginx, StartedMtlsNginx } from './nginx.ts';
export { MtlsPostgres, type PostgresClientOptions, StartedMtlsPostgres } from './postgres.ts';
export { type ClientCredential, MtlsContainer, type MtlsService, type RunningCredential, StartedMtlsContainer } from './mtls-container.ts';
export { type ClientTls, type ContainerAttempt, type ContainerConnection, type MtlsWaitOptions, waitForMtls } from './mtls-wait.ts';
export type { CredentialPaths } from './credential-files.ts';
export { type HostGateway, hostGateway } from './host-gateway.ts';
export type { Owner } from './ustar.ts';
export { type ContainerCredential, withMtls, type WithMtlsOptions } from './with-mtls.ts';
