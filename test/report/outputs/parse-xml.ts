/** An element of XML. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
  /** The name of the element around it; '' of the outermost. */
  readonly parent: string;
}

/** Parses elements, attributes in double quotes, and text with the predefined entities and decimal references. Throws for anything else, which is not well-formed or not written here. */
export function parseXml(xml: string): XmlElement {
  const start = '<?xml version="1.0" encoding="UTF-8"?>';
  if (!xml.startsWith(start)) throw new SyntaxError('no declaration');
  const top = { name: '', children: [] as XmlElement[], text: '' };
  const open: { name: string; children: XmlElement[]; text: string }[] = [top];
  let rest = xml.slice(start.length);
  while (rest !== '') {
    const [token = '', closing, opening, written = '', empty] = pattern.exec(rest) ?? [];
    if (token === '') throw new SyntaxError(`not well-formed at ${JSON.stringify(rest.slice(0, 40))}`);
    rest = rest.slice(token.length);
    const around = open.at(-1) ?? top;
    if (closing !== undefined) {
      if (open.pop()?.name !== closing) throw new SyntaxError(`</${closing}> closes another element`);
    } else if (opening === undefined) around.text += decoded(token);
    else {
      const attributes = [...written.matchAll(/([\w-]+)="([^"]*)"/gu)].map(([, name = '', value = '']) => [name, decoded(value)] as const);
      if (new Set(attributes.map(([name]) => name)).size !== attributes.length)
        throw new SyntaxError(`an attribute of <${opening}> is there twice`);
      const element = { name: opening, attributes: Object.fromEntries(attributes), children: [], text: '', parent: around.name };
      around.children.push(element);
      if (empty !== '/') open.push(element);
    }
  }
  const [root] = top.children;
  if (open.length !== 1 || top.children.length !== 1 || !root || top.text.trim() !== '') throw new SyntaxError('not one element');
  return root;
}

/** An element and all below it. */
export function elementsIn(element: XmlElement): readonly XmlElement[] {
  return [element, ...element.children.flatMap(elementsIn)];
}

function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d+)|(\w+));/gu, (_reference, number?: string, name = '') =>
    number === undefined ? (entities[name] ?? '') : String.fromCodePoint(Number(number)),
  );
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const reference = '&(?:#\\d+|amp|lt|gt|quot|apos);';
const pattern = new RegExp(`^(?:</([\\w-]+)>|<([\\w-]+)((?: [\\w-]+="(?:[^<&"]|${reference})*")*)(/?)>|(?:[^<&]|${reference})+)`, 'u');
