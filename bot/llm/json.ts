/** Reads JSON the way models write it: in fences, after thoughts, with a comma too many, or not finished yet. */

/** The object a text holds, or undefined. Repairs fences, prose around it, trailing commas and raw line breaks in strings; invents nothing. */
export function readObject(text: string): unknown {
  const bare = withoutThoughts(text);
  const from = bare.indexOf('{');
  if (from < 0) return undefined;
  const whole = bare.slice(from, endOf(bare, from) ?? bare.lastIndexOf('}') + 1);
  return parsed(whole) ?? parsed(repaired(whole));
}

/** <think>…</think> before the answer. */
function withoutThoughts(text: string): string {
  return text.replace(/^\s*<think>[\s\S]*?<\/think>/, '');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function repaired(text: string): string {
  let result = '';
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (inString && c === '\\') {
      result += c + (text[i + 1] ?? '');
      i++;
    } else if (c === '"') {
      inString = !inString;
      result += c;
    } else if (inString && c === '\n') result += '\\n';
    else if (inString && c < ' ') result += ' ';
    else if (!inString && c === ',' && /^\s*[}\]]/.test(text.slice(i + 1))) continue;
    else result += c;
  }
  return result;
}

/** Index after the bracket that closes the one at `from`; undefined while it is open. */
function endOf(text: string, from: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (inString) {
      if (c === '\\') i++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '{' || c === '[') depth++;
    else if ((c === '}' || c === ']') && --depth === 0) return i + 1;
  }
  return undefined;
}

/**
 * What is already finished of an object that is still being written: the elements of the array `property`, and the plain values
 * before it. A broken element is left out.
 */
export function finishedParts(text: string, property: string): { elements: unknown[]; known: Record<string, unknown> } {
  const bare = withoutThoughts(text);
  const known: Record<string, unknown> = {};
  const array = new RegExp(`"${property}"\\s*:\\s*\\[`).exec(bare);
  const outside = array ? `${bare.slice(0, array.index)} ${afterArray(bare, array.index + array[0].length - 1)}` : bare;
  for (const m of outside.matchAll(/"(\w+)"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?=[\s,}])|true|false|null)/g))
    known[m[1] as string] = parsed(m[2] as string);
  const elements: unknown[] = [];
  if (!array) return { elements, known };
  let at = array.index + array[0].length;
  for (;;) {
    const next = /^[\s,]*(?=[{])/.exec(bare.slice(at));
    if (!next) return { elements, known };
    const from = at + next[0].length;
    const end = endOf(bare, from);
    if (end === undefined) return { elements, known };
    const source = bare.slice(from, end);
    const element = parsed(source) ?? parsed(repaired(source));
    if (element !== undefined) elements.push(element);
    at = end;
  }
}

function afterArray(text: string, from: number): string {
  const end = endOf(text, from);
  return end === undefined ? '' : text.slice(end);
}
