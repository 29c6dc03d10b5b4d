import { base64, certificateOfBase64 } from '../encodings/base64-der.ts';
import type { HeaderFormat } from '../format.ts';

/** Azure App Service with client certificates on: the leaf in Base64. It verifies nothing, and sends no header for a client without certificate. */
export const azureAppService: HeaderFormat = {
  format: 'azure-app-service',
  names: { certificate: 'X-ARR-ClientCert' },
  repeatable: [],
  write: ({ certificates: [leaf] }) => (leaf ? [['certificate', base64(leaf)]] : []),
  parse({ certificate: [leaf] = [] }) {
    return { certificates: leaf === undefined ? [] : [certificateOfBase64('X-ARR-ClientCert', leaf)], fields: {} };
  },
};
