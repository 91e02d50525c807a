import { randomBytes } from 'node:crypto';

/** One upload: plain fields and one file of known length. */
export interface Form {
  fields: Record<string, string>;
  file: FilePart;
}

export interface FilePart {
  field: string;
  name: string;
  mime: string;
  /** How long `bytes` is; told before the first byte leaves. */
  length: number;
  bytes: AsyncIterable<Uint8Array>;
}

/** A form as it is written. */
export interface Multipart {
  type: string;
  length: number;
  /** Fails when the file is not as long as it said. */
  body(): AsyncGenerator<Uint8Array>;
}

/** Encodes a form (RFC 7578; names as the WHATWG HTML standard escapes them). Nothing is held in memory but the fields. */
export function multipartOf({ fields, file }: Form): Multipart {
  const boundary = randomBytes(16).toString('hex');
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${escaped(name)}"\r\n\r\n${value}\r\n`,
  );
  const about = `form-data; name="${escaped(file.field)}"; filename="${escaped(file.name)}"`;
  const opening = `--${boundary}\r\ncontent-disposition: ${about}\r\ncontent-type: ${escaped(file.mime)}\r\n\r\n`;
  const head = new TextEncoder().encode(`${parts.join('')}${opening}`);
  const tail = new TextEncoder().encode(`\r\n--${boundary}--\r\n`);
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    length: head.length + file.length + tail.length,
    async *body() {
      yield head;
      let written = 0;
      for await (const chunk of file.bytes) {
        written += chunk.length;
        if (written > file.length) break;
        yield chunk;
      }
      if (written !== file.length) throw new Error('the file is not as long as it said');
      yield tail;
    },
  };
}

function escaped(text: string): string {
  return text.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
