import { readCertificateIn } from '../encodings/agreement.ts';
import { base64, certificateOfBase64 } from '../encodings/base64-der.ts';
import { decodedForm, encodedForm } from '../encodings/go/form.ts';
import { type InfoPart, infoParts, infoText, selectedParts } from '../encodings/go/traefik-info.ts';
import type { HeaderFormat } from '../format.ts';
import { malformed } from '../malformed.ts';

const names = {
  certificate: 'X-Forwarded-Tls-Client-Cert',
  info: 'X-Forwarded-Tls-Client-Cert-Info',
} as const satisfies HeaderFormat['names'];

/**
 * Traefik with the middleware PassTLSClientCert, `pem` and all of `info`: all certificates that the client sent, and what they say as text, form-encoded. Neither header for a
 * client without certificate; nothing says whether it was verified.
 */
export const traefik: HeaderFormat = {
  format: 'traefik',
  names,
  repeatable: [],
  write({ certificates }) {
    if (certificates.length === 0) return [];
    const info = certificates.map((certificate) => infoText(infoParts(certificate))).join(',');
    return [
      ['certificate', certificates.map(base64).join(',')],
      ['info', encodedForm(info)],
    ];
  },
  parse({ certificate: [encoded] = [], info: [form] = [] }) {
    const certificates = encoded === undefined ? [] : encoded.split(',').map((one) => certificateOfBase64(names.certificate, one));
    if (form === undefined) return { certificates, fields: {} };
    const info = decodedForm(names.info, form);
    if (encoded === undefined) return { certificates, fields: { Info: utf8Text(info) } }; // nothing within its quotation marks is escaped: it cannot be taken apart
    return {
      certificates,
      fields: Object.fromEntries(partsOf(info, certificates).map(({ name, texts }) => [name, utf8Text(texts.join(','))])),
    };
  },
};

/** What is said of the leaf, where all that is said is what the certificates say. */
function partsOf(info: string, certificates: readonly Uint8Array[]): readonly InfoPart[] {
  const told: (readonly InfoPart[])[] = [];
  let at = 0;
  for (const certificate of certificates) {
    if (told.length > 0 && info[at] !== ',') throw malformed(names.info, 'it names fewer certificates than there are');
    const parts = readCertificateIn(names.certificate, () => infoParts(certificate));
    const found = selectedParts(info, { at: told.length > 0 ? at + 1 : at, parts });
    if (!found) throw malformed(names.info, "it is not the certificates'");
    told.push(found.selected);
    at = found.end;
  }
  if (at < info.length) throw malformed(names.info, "it is not the certificates'");
  return told[0] ?? [];
}

function utf8Text(octets: string): string {
  return Buffer.from(octets, 'latin1').toString('utf8');
}
