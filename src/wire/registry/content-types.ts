import { namesByNumber } from './names-by-number.ts';

/** The numbers of the content types of records (RFC 8446 5.1, RFC 6520 3). */
export const contentType = { change_cipher_spec: 20, alert: 21, handshake: 22, application_data: 23, heartbeat: 24 } as const;

/** A content type by the registry's name. */
export type ContentType = keyof typeof contentType;

/** The name of a content type; undefined for any other number. */
export const contentTypeName: (number: number) => ContentType | undefined = namesByNumber(contentType);
