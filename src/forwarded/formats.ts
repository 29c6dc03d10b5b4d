import { invalidOption, textOf } from '../errors/index.ts';
import { didYouMean } from '../options/suggestion.ts';
import type { ForwardedFormat, HeaderFormat } from './format.ts';
import { apache } from './formats/apache.ts';
import { awsAlb } from './formats/aws-alb.ts';
import { awsAlbPassthrough } from './formats/aws-alb-passthrough.ts';
import { azureAppService } from './formats/azure-app-service.ts';
import { caddy } from './formats/caddy.ts';
import { cloudflare } from './formats/cloudflare.ts';
import { envoy } from './formats/envoy.ts';
import { gcp } from './formats/gcp.ts';
import { haproxy } from './formats/haproxy.ts';
import { kubernetesFrontProxy } from './formats/kubernetes-front-proxy.ts';
import { nginx } from './formats/nginx.ts';
import { rfc9440 } from './formats/rfc9440.ts';
import { traefik } from './formats/traefik.ts';

/** Every format by its name: one that is missing does not compile. */
const formats: Readonly<Record<ForwardedFormat, HeaderFormat>> = {
  rfc9440,
  envoy,
  nginx,
  apache,
  haproxy,
  traefik,
  caddy,
  'aws-alb': awsAlb,
  'aws-alb-passthrough': awsAlbPassthrough,
  gcp,
  'azure-app-service': azureAppService,
  cloudflare,
  'kubernetes-front-proxy': kubernetesFrontProxy,
};

/** The same as a list. */
export const headerFormats: readonly HeaderFormat[] = Object.values(formats);

/** The format of this name. Throws `OPTION_INVALID` for one that is not known. */
export function formatNamed(format: ForwardedFormat): HeaderFormat {
  if (typeof format === 'string' && Object.hasOwn(formats, format)) return formats[format];
  const known = Object.keys(formats);
  throw invalidOption('format', format, `one of ${known.join(', ')}${didYouMean(textOf(format), new Set(known))}`);
}
