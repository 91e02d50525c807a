import { useEffect, useState } from 'preact/hooks';
import { unattended } from '#shared/unattended.ts';

// The encoder is fetched only where a code is shown. Black on white in every theme: that is what phones read.

interface Drawn {
  size: number;
  path: string;
}

/** A QR code of a text; `label` says what it is for. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  useEffect(() => {
    let gone = false;
    const draw = async () => {
      const { create } = await import('qrcode');
      const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
      if (!gone) setDrawn({ size, path: pathOf(size, data) });
    };
    unattended(draw(), 'qr');
    return () => {
      gone = true;
    };
  }, [text]);
  if (drawn === null) return <span class="qr skeleton" />;
  const side = drawn.size + 8;
  return (
    <svg class="qr" viewBox={`-4 -4 ${side} ${side}`} role="img" aria-label={label} data-qr={text}>
      <rect x="-4" y="-4" width={side} height={side} fill="#ffffff" />
      <path d={drawn.path} fill="#000000" shape-rendering="crispEdges" />
    </svg>
  );
}

function pathOf(size: number, data: ArrayLike<number>): string {
  let path = '';
  for (let at = 0; at < data.length; at += 1) {
    if (data[at]) path += `M${at % size} ${Math.floor(at / size)}h1v1h-1z`;
  }
  return path;
}
