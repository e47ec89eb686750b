// Whether a text is well-formed XML, by the rules that a writer can break: node has no parser of its own.

const NAME = "[A-Za-z][\\w:.-]*";
const TEXT = "(?:[^<>&]|&(?:amp|lt|gt|quot|apos);)*";
const VALUE = `"(?:[^<"&]|&(?:amp|lt|gt|quot|apos);)*"`;
const TOKEN = new RegExp(`<(${NAME})((?: ${NAME}=${VALUE})*)(/?)>|</(${NAME})>|${TEXT.replace(/\*$/, "+")}`, "uy");
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what XML forbids
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Elements as `{ name, attributes, text, inside }`; throws where it is none. */
export function parsed(xml) {
  if (FORBIDDEN.test(xml)) throw new Error(`forbidden character at ${xml.search(FORBIDDEN)}`);
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, "").trimEnd();
  const root = { name: "", attributes: {}, text: "", inside: [] };
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < body.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(body);
    if (!found) throw new Error(`not well-formed at ${at}: ${body.slice(at, at + 60)}`);
    const [token, name, attributes, isEmpty, end] = found;
    if (name) {
      const element = { name, attributes: {}, text: "", inside: [] };
      for (const [, key, value] of attributes.matchAll(/ ([\w:.-]+)="([^"]*)"/g)) {
        if (key in element.attributes) throw new Error(`${name} has ${key} twice`);
        element.attributes[key] = read(value);
      }
      open.at(-1).inside.push(element);
      if (!isEmpty) open.push(element);
    } else if (end) {
      if (open.length === 1 || open.pop().name !== end) throw new Error(`</${end}> closes nothing`);
    } else open.at(-1).text += read(token);
  }
  if (open.length > 1 || root.inside.length !== 1 || root.text.trim()) throw new Error("no single element");
  return root.inside[0];
}

/** All elements of a name under one. */
export function all(element, name) {
  return element.inside.flatMap((each) => [...(each.name === name ? [each] : []), ...all(each, name)]);
}

function read(text) {
  return text.replace(/&(\w+);/g, (_, name) => ENTITIES[name]);
}
