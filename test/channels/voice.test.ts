import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { oggOfWebm } from '#channels/support/voice.ts';
import { inBrowser, openWindow } from '../browser/browser.ts';

// Recorded by Chromium's MediaRecorder (audio/webm;codecs=opus) from its fake microphone, which beeps once a second.
const note = readFileSync(new URL('./samples/voice-note.webm', import.meta.url));

interface Page {
  flags: number;
  granule: number;
  serial: number;
  sequence: number;
  crc: number;
  /** The same sum, made bit by bit as RFC 3533 describes it. */
  sum: number;
  packets: Buffer[];
}

/** Reads Ogg on its own: knows nothing of what wrote it. Every packet must end on its page. */
function pagesOf(bytes: Uint8Array): Page[] {
  const ogg = Buffer.from(bytes);
  const pages: Page[] = [];
  for (let at = 0; at < ogg.length; ) {
    expect(ogg.toString('latin1', at, at + 4)).toBe('OggS');
    const segments = ogg[at + 26]!;
    const lacing = [...ogg.subarray(at + 27, at + 27 + segments)];
    let from = at + 27 + segments;
    const packets: Buffer[] = [];
    let open = from;
    for (const length of lacing) {
      from += length;
      if (length === 255) continue;
      packets.push(ogg.subarray(open, from));
      open = from;
    }
    expect(open, 'a packet goes on behind its page').toBe(from);
    const whole = Buffer.from(ogg.subarray(at, from));
    whole.fill(0, 22, 26);
    pages.push({
      flags: ogg[at + 5]!,
      granule: Number(ogg.readBigUInt64LE(at + 6)),
      serial: ogg.readUInt32LE(at + 14),
      sequence: ogg.readUInt32LE(at + 18),
      crc: ogg.readUInt32LE(at + 22),
      sum: bitwise(whole),
      packets,
    });
    at = from;
  }
  return pages;
}

function bitwise(bytes: Buffer): number {
  let crc = 0n;
  for (const byte of bytes) {
    crc ^= BigInt(byte) << 24n;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x80000000n) === 0n ? crc << 1n : (crc << 1n) ^ 0x104c11db7n;
  }
  return Number(crc & 0xffffffffn);
}

const element = (id: number[], content: Uint8Array): Buffer => {
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(content.length) | (1n << 56n));
  return Buffer.concat([Buffer.from(id), size, content]);
};
const unknownSize = (id: number[], content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(id), Buffer.from([0x01, 255, 255, 255, 255, 255, 255, 255]), content]);
const head = Buffer.from([...Buffer.from('OpusHead'), 1, 1, 0x38, 0x01, 0x80, 0xbb, 0, 0, 0, 0, 0]);
const trackOf = (codec: string, number = 1) =>
  element(
    [0xae],
    Buffer.concat([
      element([0xd7], Buffer.from([number])),
      element([0x86], Buffer.from(codec)),
      element([0x63, 0xa2], codec === 'A_OPUS' ? head : Buffer.from('V')),
    ]),
  );
const simple = (packet: Uint8Array, flags = 0x80) =>
  element([0xa3], Buffer.concat([Buffer.from([0x81, 0, 0, flags]), packet]));
const group = (packet: Uint8Array) =>
  element([0xa0], element([0xa1], Buffer.concat([Buffer.from([0x81, 0, 0, 0]), packet])));
function webmOf(tracks: Buffer[], blocks: Buffer[], perCluster = 10): Buffer {
  const clusters: Buffer[] = [];
  for (let at = 0; at < blocks.length; at += perCluster) {
    clusters.push(unknownSize([0x1f, 0x43, 0xb6, 0x75], Buffer.concat(blocks.slice(at, at + perCluster))));
  }
  const content = [element([0x16, 0x54, 0xae, 0x6b], Buffer.concat(tracks)), ...clusters];
  const ebml = element([0x1a, 0x45, 0xdf, 0xa3], Buffer.from([0x42, 0x86, 0x81, 1]));
  return Buffer.concat([ebml, unknownSize([0x18, 0x53, 0x80, 0x67], Buffer.concat(content))]);
}
/** A packet of one frame; the configuration stands in the upper five bits. */
const packet = (config: number, length: number, code = 0, frames = 0) => {
  const bytes = Buffer.alloc(length, config);
  bytes[0] = (config << 3) | code;
  if (code === 3) bytes[1] = frames;
  return bytes;
};

describe('voice note', () => {
  it('becomes Ogg: numbered pages with true sums, two headers apart, a last page that says so', () => {
    const voice = oggOfWebm(note)!;
    const pages = pagesOf(voice.ogg);
    expect(pages.map(({ sequence }) => sequence)).toEqual(pages.map((_, index) => index));
    expect(pages.map(({ crc }) => crc)).toEqual(pages.map(({ sum }) => sum));
    expect(new Set(pages.map(({ serial }) => serial)).size).toBe(1);
    expect(pages.map(({ flags }) => flags)).toEqual(
      pages.map((_, n) => (n === 0 ? 2 : n === pages.length - 1 ? 4 : 0)),
    );
    expect(pages[0]!.packets.map((one) => one.toString('latin1', 0, 8))).toEqual(['OpusHead']);
    expect(pages[1]!.packets.map((one) => one.toString('latin1', 0, 8))).toEqual(['OpusTags']);
    expect(pages.slice(0, 2).map(({ granule }) => granule)).toEqual([0, 0]);
    const granules = pages.slice(2).map(({ granule }) => granule);
    expect(granules.every((granule, n) => granule > (granules[n - 1] ?? 0))).toBe(true);
    expect(granules.every((granule, n) => granule - (granules[n - 1] ?? 0) <= 48_000)).toBe(true);
  });
  it('keeps every packet, byte for byte, and counts its samples', () => {
    const packets = [packet(0, 40), packet(15, 260), packet(31, 255), packet(3, 7, 1), packet(19, 9, 3, 3)];
    const voice = oggOfWebm(
      webmOf(
        [trackOf('A_OPUS')],
        packets.map((one, n) => (n % 2 === 0 ? simple(one) : group(one))),
      ),
    )!;
    const pages = pagesOf(voice.ogg);
    expect(pages.slice(2).flatMap((page) => page.packets)).toEqual(packets);
    // 10 ms SILK, 20 ms hybrid, 20 ms CELT, 2 of 60 ms, 3 of 20 ms.
    expect(pages.at(-1)?.granule).toBe(480 + 960 + 960 + 2 * 2_880 + 3 * 960);
    expect(voice.seconds).toBeCloseTo((480 + 960 + 960 + 5_760 + 2_880 - 312) / 48_000, 10);
  });
  it('begins a page before its table of segments would run over', () => {
    const packets = Array.from({ length: 45 }, (_, n) => packet(28, 5_000 + n));
    const pages = pagesOf(
      oggOfWebm(
        webmOf(
          [trackOf('A_OPUS')],
          packets.map((one) => simple(one)),
        ),
      )!.ogg,
    );
    expect(pages.slice(2).flatMap((page) => page.packets)).toEqual(packets);
    expect(pages.length).toBeGreaterThan(4);
  });
  it('draws 64 bars, high where there is much to hear', () => {
    const quiet = Array.from({ length: 64 }, () => packet(31, 10));
    const loud = Array.from({ length: 64 }, () => packet(31, 110));
    const both = oggOfWebm(
      webmOf(
        [trackOf('A_OPUS')],
        [...quiet, ...loud].map((one) => simple(one)),
      ),
    )!;
    expect([...both.waveform]).toEqual([...Array(32).fill(0), ...Array(32).fill(100)]);
    const short = oggOfWebm(
      webmOf(
        [trackOf('A_OPUS')],
        [packet(31, 10), packet(31, 20)].map((one) => simple(one)),
      ),
    )!;
    expect([...short.waveform]).toEqual([...Array(32).fill(0), ...Array(32).fill(100)]);
    const bars = [...oggOfWebm(note)!.waveform];
    expect(bars).toHaveLength(64);
    expect([Math.min(...bars), Math.max(...bars)]).toEqual([0, 100]);
  });
  it('leaves out a block that was cut off', () => {
    const whole = pagesOf(oggOfWebm(note)!.ogg)
      .slice(2)
      .flatMap((page) => page.packets);
    const cut = pagesOf(oggOfWebm(note.subarray(0, note.length - 20))!.ogg)
      .slice(2)
      .flatMap((page) => page.packets);
    expect(cut).toEqual(whole.slice(0, cut.length));
    expect(cut.length).toBeLessThan(whole.length);
  });
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a picture', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['a video', webmOf([trackOf('V_VP8')], [simple(packet(31, 10))])],
    ['a video with sound', webmOf([trackOf('A_OPUS'), trackOf('V_VP8', 2)], [simple(packet(31, 10))])],
    ['two tracks of sound', webmOf([trackOf('A_OPUS'), trackOf('A_OPUS', 2)], [simple(packet(31, 10))])],
    ['laced blocks', webmOf([trackOf('A_OPUS')], [simple(packet(31, 10), 0x82)])],
    ['a note without a sound', webmOf([trackOf('A_OPUS')], [])],
    ['empty blocks', webmOf([trackOf('A_OPUS')], [simple(Buffer.alloc(0))])],
  ])('says of %s that it is none', (_what, bytes) => {
    expect(oggOfWebm(bytes)).toBeNull();
  });
  it('never fails for damaged bytes', () => {
    let seed = 7;
    const random = (most: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % most;
    };
    for (let round = 0; round < 300; round += 1) {
      const damaged = Buffer.from(note.subarray(0, 1 + random(note.length)));
      for (let n = 0; n < 8; n += 1) damaged[random(damaged.length)] = random(256);
      expect(() => oggOfWebm(damaged)).not.toThrow();
    }
  });
});

inBrowser('voice note in a browser', () => {
  it('plays as long as what was recorded, and sounds the same', async () => {
    const voice = oggOfWebm(note)!;
    const { page, context } = await openWindow('about:blank');
    const heard = await page.evaluate(
      async (files) => {
        const decoded = files.map((bytes) => {
          const context = new OfflineAudioContext(1, 1, 48_000);
          return context.decodeAudioData(new Uint8Array(bytes).buffer);
        });
        const [webm, ogg] = await Promise.all(decoded);
        const loudness = (sound: AudioBuffer | undefined) => {
          const values = sound?.getChannelData(0) ?? new Float32Array(1);
          return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
        };
        return { webm: webm?.duration, ogg: ogg?.duration, loud: [loudness(webm), loudness(ogg)] };
      },
      [[...note], [...voice.ogg]],
    );
    await context.close();
    expect(heard.ogg).toBeCloseTo(heard.webm!, 2);
    expect(voice.seconds).toBeCloseTo(heard.ogg!, 2);
    expect(heard.loud[0]).toBeGreaterThan(0.001);
    expect(heard.loud[1]! / heard.loud[0]!).toBeCloseTo(1, 2);
  });
});
