/** A voice note in the container that WhatsApp and Telegram show as one. */
export interface Voice {
  /** Ogg with one Opus stream. */
  ogg: Uint8Array;
  /** Length of what is heard. */
  seconds: number;
  /**
   * 64 values from 0 to 100, for the bars of a player. Nothing is decoded: a variable bitrate spends more bytes where
   * there is more to hear, and that is what is drawn.
   */
  waveform: Uint8Array;
}

/**
 * Puts what a browser recorded (WebM with Opus, as MediaRecorder makes it) into Ogg, packet by packet, without decoding.
 * Works on the whole note: it is at most 20 MB, Ogg wants to know which packet is the last, and the bars need the length.
 * null when it is not one Opus track in WebM; a block that was cut off at the end is left out.
 * Sources: RFC 9559 (Matroska), RFC 3533 (Ogg), RFC 7845 (Opus in Ogg), RFC 6716 section 3.1 (length of a packet).
 */
export function oggOfWebm(webm: Uint8Array): Voice | null {
  const track = opusOf(webm);
  if (track === null) return null;
  const lengths = track.packets.map(samplesOf);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const skipped = new DataView(track.head.buffer, track.head.byteOffset).getUint16(10, true);
  const seconds = Math.max(0, total - skipped) / rate;
  return { ogg: oggOf(track, lengths), seconds, waveform: barsOf(track.packets, lengths, total) };
}

/** Granule positions of Opus always count 48,000 a second. */
const rate = 48_000;

interface Opus {
  /** The identification header. */
  head: Uint8Array;
  packets: Uint8Array[];
}

// Elements whose content is read on as if it stood outside; the size of the first two may be unknown in a live recording.
const open = new Set([0x18538067, 0x1f43b675, 0x1654ae6b, 0xae, 0xa0]);
const ids = { trackEntry: 0xae, codec: 0x86, codecPrivate: 0x63a2, simpleBlock: 0xa3, block: 0xa1 };
const headLeast = 19;

function opusOf(webm: Uint8Array): Opus | null {
  const packets: Uint8Array[] = [];
  let head: Uint8Array | null = null;
  let tracks = 0;
  for (const { id, content } of elementsOf(webm)) {
    if (id === ids.trackEntry) tracks += 1;
    else if (id === ids.codec && latin(content) !== 'A_OPUS') return null;
    else if (id === ids.codecPrivate && latin(content.subarray(0, 8)) === 'OpusHead') head = content;
    else if (id === ids.simpleBlock || id === ids.block) {
      const packet = packetOf(content);
      if (packet === null) return null;
      if (samplesOf(packet) > 0) packets.push(packet);
    }
  }
  if (tracks !== 1 || head === null || head.length < headLeast) return null;
  return packets.length === 0 ? null : { head, packets };
}

interface Element {
  id: number;
  /** Empty for an element that is read on into. */
  content: Uint8Array;
}

/** The elements of an EBML document in their order, until its end or until one is cut off. */
function* elementsOf(bytes: Uint8Array): Generator<Element> {
  let at = 0;
  while (at < bytes.length) {
    const id = numberAt(bytes, at, true);
    const size = id === null ? null : numberAt(bytes, at + id.length, false);
    if (id === null || size === null) return;
    const start = at + id.length + size.length;
    if (open.has(id.value)) {
      yield { id: id.value, content: bytes.subarray(start, start) };
      at = start;
    } else {
      const end = start + size.value;
      if (size.unknown || end > bytes.length) return;
      yield { id: id.value, content: bytes.subarray(start, end) };
      at = end;
    }
  }
}

/** A number of variable length (RFC 8794): leading zeros tell its length; ids keep their marker. */
function numberAt(
  bytes: Uint8Array,
  at: number,
  keep: boolean,
): { value: number; length: number; unknown: boolean } | null {
  const first = bytes[at] ?? 0;
  if (first === 0) return null;
  const length = Math.clz32(first) - 23;
  if (at + length > bytes.length) return null;
  const mask = 0xff >> length;
  let value = keep ? first : first & mask;
  let ones = (first & mask) === mask;
  for (const byte of bytes.subarray(at + 1, at + length)) {
    value = value * 256 + byte;
    ones &&= byte === 0xff;
  }
  return { value, length, unknown: ones };
}

/** The one frame of a block: after the track's number come time (2 bytes) and flags. null with several frames (lacing). */
function packetOf(content: Uint8Array): Uint8Array | null {
  const track = numberAt(content, 0, false);
  const flags = track === null ? undefined : content[track.length + 2];
  return track === null || flags === undefined || (flags & 0x06) !== 0 ? null : content.subarray(track.length + 3);
}

/** How long a packet lasts, in samples; 0 when it is none. */
function samplesOf(packet: Uint8Array): number {
  const [toc, frames = 0] = packet;
  if (toc === undefined) return 0;
  const config = toc >> 3;
  const silk = [480, 960, 1_920, 2_880];
  const hybrid = [480, 960, 480, 960];
  const celt = [120, 240, 480, 960];
  const frame = (config < 12 ? silk : config < 16 ? hybrid : celt)[config & 3] ?? 0;
  const code = toc & 3;
  return frame * (code === 0 ? 1 : code < 3 ? 2 : frames & 0x3f);
}

const flagsOfPage = { first: 2, last: 4 };
const segmentsMost = 255;

/** Two headers on pages of their own, then pages of at most a second, as RFC 7845 asks. */
function oggOf({ head, packets }: Opus, lengths: number[]): Uint8Array {
  const pages = [pageOf([head], 0, 0, flagsOfPage.first), pageOf([tags()], 0, 1, 0)];
  let granule = 0;
  let began = 0;
  let waiting: Uint8Array[] = [];
  let segments = 0;
  for (const [index, packet] of packets.entries()) {
    const needed = Math.floor(packet.length / 255) + 1;
    const length = lengths[index] ?? 0;
    if (waiting.length > 0 && (segments + needed > segmentsMost || granule + length - began > rate)) {
      pages.push(pageOf(waiting, granule, pages.length, 0));
      [waiting, segments, began] = [[], 0, granule];
    }
    waiting.push(packet);
    segments += needed;
    granule += length;
  }
  pages.push(pageOf(waiting, granule, pages.length, flagsOfPage.last));
  return Buffer.concat(pages);
}

function tags(): Uint8Array {
  const vendor = Buffer.from('balcao');
  const bytes = Buffer.alloc(16 + vendor.length);
  bytes.write('OpusTags');
  bytes.writeUInt32LE(vendor.length, 8);
  bytes.set(vendor, 12);
  return bytes;
}

/** One page; `granule` counts the samples up to its end. One stream needs no number that differs from others. */
function pageOf(packets: Uint8Array[], granule: number, sequence: number, flags: number): Uint8Array {
  const table = packets.flatMap(({ length }) => [...Array<number>(Math.floor(length / 255)).fill(255), length % 255]);
  const header = Buffer.alloc(27 + table.length);
  header.write('OggS');
  header[5] = flags;
  header.writeBigUInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(1, 14);
  header.writeUInt32LE(sequence, 18);
  header[26] = table.length;
  header.set(table, 27);
  const page = Buffer.concat([header, ...packets]);
  page.writeUInt32LE(checksum(page), 22);
  return page;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 0x80000000 ? (rest << 1) ^ 0x04c11db7 : rest << 1;
  return rest >>> 0;
});

/** CRC-32 with the polynomial 0x04c11db7, neither reflected nor inverted (RFC 3533, section 6). */
function checksum(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ (crcTable[((crc >>> 24) ^ byte) & 255] ?? 0)) >>> 0;
  return crc;
}

const bars = 64;

function barsOf(packets: Uint8Array[], lengths: number[], total: number): Uint8Array {
  const sums = Array.from({ length: bars }, () => ({ bytes: 0, samples: 0 }));
  let at = 0;
  for (const [index, packet] of packets.entries()) {
    const length = lengths[index] ?? 0;
    // A packet counts in every bar that it reaches into, so that short notes have no empty ones.
    const last = Math.min(bars - 1, Math.ceil(((at + length) / total) * bars) - 1);
    for (const sum of sums.slice(Math.floor((at / total) * bars), last + 1)) {
      sum.bytes += packet.length;
      sum.samples += length;
    }
    at += length;
  }
  const loud = sums.map(({ bytes, samples }) => (samples === 0 ? 0 : bytes / samples));
  const [least, most] = [Math.min(...loud), Math.max(...loud)];
  return Uint8Array.from(loud, (value) => (most === least ? 50 : Math.round(((value - least) / (most - least)) * 100)));
}

function latin(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 64));
}
