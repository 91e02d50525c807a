const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A plain page of a pretended shop that carries the web chat of this public id, as a customer's site would. */
export function testPage(publicId: string): string {
  const id = publicId.slice(0, 64).replace(/[&<>"']/g, (character) => escapes[character] ?? '');
  return `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Página de teste do chat</title>
<link rel="icon" href="/favicon.svg">
</head>
<body style="font: 16px/1.5 system-ui, sans-serif; max-width: 640px; margin: 48px auto; padding: 0 16px">
<h1 style="font-size: 24px">Página de teste do chat</h1>
<p>Esta página faz as vezes do seu site. O botão do chat aparece no canto; o que você escrever ali chega ao console.</p>
<p lang="en">This page stands in for your own site. The chat's button is in the corner; what you write there arrives in the console.</p>
<script async src="/widget.js" data-channel="${id}"></script>
</body>
</html>
`;
}
