import type { IncomingMessage } from 'node:http';

/** One file of a multipart request. */
export interface Upload {
  name: string;
  mime: string;
  bytes: Buffer;
}

/** The parameters of one call, from JSON, a form or multipart, as the Bot API takes all three. */
export class Input {
  private readonly values: Record<string, unknown>;
  private readonly files: Map<string, Upload>;

  constructor(values: Record<string, unknown>, files = new Map<string, Upload>()) {
    this.values = values;
    this.files = files;
  }

  text(name: string): string | undefined {
    const value = this.values[name];
    return value === undefined || value === null ? undefined : String(value);
  }

  number(name: string): number | undefined {
    const text = this.text(name);
    return text === undefined || text === '' ? undefined : Number(text);
  }

  /** A structured parameter: as it stands in JSON, or as JSON text in a form. */
  json(name: string): unknown {
    const value = this.values[name];
    return typeof value === 'string' ? JSON.parse(value) : value;
  }

  record(name: string): Record<string, unknown> {
    const value = this.json(name);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  }

  /** The uploaded file of a parameter: its own part, or one that it names by `attach://`. */
  file(name: string): Upload | undefined {
    const attached = /^attach:\/\/(.+)$/.exec(this.text(name) ?? '')?.[1];
    return this.files.get(attached ?? name);
  }

  part(attached: string): Upload | undefined {
    return this.files.get(attached.replace('attach://', ''));
  }

  /** For the list of calls: files by their size only. */
  shown(): Record<string, unknown> {
    const files = [...this.files].map(([name, { bytes }]) => [name, `${bytes.length} bytes`]);
    return { ...this.values, ...Object.fromEntries(files) };
  }
}

/** Reads a request to its end. Rejects when it is cut before. */
export async function readInput(request: IncomingMessage): Promise<Input> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  const query = Object.fromEntries(new URL(request.url ?? '/', 'http://localhost').searchParams);
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1];
  if (boundary !== undefined) return multipart(body, boundary, query);
  if (type.startsWith('application/json') && body.length > 0) return new Input({ ...query, ...JSON.parse(`${body}`) });
  return new Input({ ...query, ...Object.fromEntries(new URLSearchParams(`${body}`)) });
}

function multipart(body: Buffer, boundary: string, query: Record<string, unknown>): Input {
  const values: Record<string, unknown> = { ...query };
  const files = new Map<string, Upload>();
  const mark = Buffer.from(`--${boundary}`);
  let at = body.indexOf(mark);
  for (;;) {
    const next = at < 0 ? -1 : body.indexOf(mark, at + mark.length);
    if (next < 0) break;
    // Between the marks: CRLF, headers, empty line, content, CRLF.
    const part = body.subarray(at + mark.length + 2, next - 2);
    const split = part.indexOf('\r\n\r\n');
    const headers = part.subarray(0, split).toString('utf8');
    const content = part.subarray(split + 4);
    const name = /[; ]name="([^"]*)"/.exec(headers)?.[1] ?? '';
    const filename = /filename="((?:[^"\\]|\\.)*)"/.exec(headers)?.[1];
    const mime = /content-type: *(.+)/i.exec(headers)?.[1]?.trim() ?? 'application/octet-stream';
    if (filename === undefined) values[name] = content.toString('utf8');
    else files.set(name, { name: plainName(filename), mime, bytes: Buffer.from(content) });
    at = next;
  }
  return new Input(values, files);
}

/** Forms escape only these three in a file's name (WHATWG HTML, multipart/form-data encoding). */
function plainName(name: string): string {
  return name.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}
