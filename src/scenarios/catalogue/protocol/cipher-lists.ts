/** What OpenSSL has at security level 0, without which it offers neither TLS 1.0 nor 1.1. */
export const everyCipher = 'DEFAULT@SECLEVEL=0';

/** A suite of TLS 1.3 that no measured stack has on by default, and for TLS 1.2 those without encryption. OpenSSL counts all of them to security level 0. */
export const uncommonCiphers = 'TLS_AES_128_CCM_8_SHA256:eNULL@SECLEVEL=0';
