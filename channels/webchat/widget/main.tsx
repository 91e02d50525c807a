import { render } from 'preact';
import { Chat } from './chat.tsx';
import { converse } from './conversation.ts';
import { visitedPage } from './page.ts';
import { keptFor } from './storage.ts';

const place = document.getElementById('chat');
const publicId = decodeURIComponent(location.pathname.split('/').at(-1) ?? '');
if (place !== null) {
  const kept = keptFor(publicId);
  const open = () => converse(publicId, kept);
  render(<Chat publicId={publicId} kept={kept} page={visitedPage()} open={open} />, place);
}
