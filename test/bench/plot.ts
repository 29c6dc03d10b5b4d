import { figure, type Plot } from './section.ts';

/** An SVG of its own, light or dark as the reader has it. */
export function svgOf({ title, across, up, lines }: Plot): string {
  const points = lines.flatMap((line) => line.points);
  const xTicks = ticks(Math.max(...points.map(([x]) => x)));
  const yTicks = ticks(Math.max(...points.map(([, y]) => y)));
  const scale: Scale = {
    x: (x) => left + (x / (xTicks.at(-1) ?? 1)) * (right - left),
    y: (y) => bottom - (y / (yTicks.at(-1) ?? 1)) * (bottom - top),
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${escape(title)}</title>
<style>${style}</style>
<rect class="paper" width="${width}" height="${height}" rx="8"/>
<text class="title" x="${left}" y="30">${escape(title)}</text>
${yTicks.map((y) => `<path class="grid" d="M${left} ${round(scale.y(y))}H${right}"/><text x="${left - 10}" y="${round(scale.y(y) + 4)}" text-anchor="end">${figure(y)}</text>`).join('\n')}
${xTicks.map((x) => `<text x="${round(scale.x(x))}" y="${bottom + 20}" text-anchor="middle">${figure(x)}</text>`).join('\n')}
<path class="axis" d="M${left} ${top}V${bottom}H${right}"/>
<text x="${(left + right) / 2}" y="${height - 14}" text-anchor="middle">${escape(across)}</text>
<text transform="translate(20 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${escape(up)}</text>
${lines.map((line, index) => lineOf(line, { index, scale })).join('\n')}
</svg>
`;
}

interface Scale {
  x(value: number): number;
  y(value: number): number;
}

/** The line, a mark at each measurement, and its name in the key above the plot; shapes differ as well as colors. */
function lineOf({ name, points }: Plot['lines'][number], { index, scale }: { readonly index: number; readonly scale: Scale }): string {
  const places = points.map(([x, y]) => [round(scale.x(x)), round(scale.y(y))] as const);
  const keyX = left + 16 + index * 130;
  return `<g class="line${index}">
<polyline points="${places.map((place) => place.join(',')).join(' ')}"/>
${places.map((place) => mark(place, index)).join('\n')}
<path d="M${keyX - 12} ${keyY}h24"/>${mark([keyX, keyY], index)}<text x="${keyX + 20}" y="${keyY + 4}">${escape(name)}</text>
</g>`;
}

function mark([x, y]: readonly [number, number], index: number): string {
  return index === 0 ? `<circle cx="${x}" cy="${y}" r="4"/>` : `<rect x="${round(x - 4)}" y="${round(y - 4)}" width="8" height="8"/>`;
}

/** From zero to the first round number beyond, in four to eight steps. */
function ticks(most: number): number[] {
  const rough = 10 ** Math.floor(Math.log10(most / 4));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * rough).find((candidate) => most / candidate <= 7) ?? rough * 10;
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_unused, index) => index * step);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

const [width, height] = [720, 400];
const [left, right, top, bottom] = [80, 690, 76, 336];
const keyY = 54;
const style = `
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-size: 16px; font-weight: 600; }
.paper { fill: #ffffff; }
.grid { stroke: #d1d9e0; }
.axis { stroke: #59636e; fill: none; }
g path, polyline { fill: none; stroke-width: 2; }
.line0 { stroke: #0969da; } .line0 circle { fill: #0969da; }
.line1 { stroke: #9a6700; } .line1 rect { fill: #9a6700; }
g text { stroke: none; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; } .paper { fill: #0d1117; } .grid { stroke: #3d444d; } .axis { stroke: #9198a1; }
  .line0 { stroke: #4493f8; } .line0 circle { fill: #4493f8; }
  .line1 { stroke: #d29922; } .line1 rect { fill: #d29922; }
}
`;
