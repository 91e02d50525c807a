import { useEffect, useRef, useState } from 'preact/hooks';
import { unattended } from '#shared/unattended.ts';
import { type About, type AboutAnswer, askAbout } from './about.ts';
import { Composer } from './composer.tsx';
import type { Conversation } from './conversation.ts';
import { Log } from './log.tsx';
import type { VisitedPage } from './page.ts';
import type { Kept } from './storage.ts';
import { type ChatText, guessedText, textIn } from './text.ts';
import type { ChatState } from './view.ts';

interface ChatProps {
  publicId: string;
  kept: Kept;
  page: VisitedPage;
  open(): Conversation;
}

const aboutRetryMs = 5_000;

/** The chat's window: first what the desk tells about itself, then the conversation. */
export function Chat({ publicId, kept, page, open }: ChatProps) {
  const [answer, setAnswer] = useState<AboutAnswer | null>(null);
  const [tries, setTries] = useState(0);
  const about = answer !== null && typeof answer === 'object' ? answer : null;
  const text = about === null ? guessedText() : textIn(about.language);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      const next = await askAbout(publicId);
      setAnswer(next);
      if (next === 'unreachable') timer = setTimeout(() => setTries((n) => n + 1), aboutRetryMs);
      if (typeof next === 'object') page.tell({ balcao: 'ready', language: next.language });
    };
    unattended(ask(), 'web chat');
    return () => clearTimeout(timer);
  }, [publicId, page, tries]);

  useEffect(() => {
    document.documentElement.lang = text.language;
    document.title = about?.title ?? text.say.log;
  }, [text, about]);

  const title = about?.title ?? '';
  return (
    <main class="chat" onKeyDown={(event) => event.key === 'Escape' && page.tell({ balcao: 'close' })}>
      <Head title={title} company={about?.company ?? ''} text={text} page={page} />
      {about !== null ? (
        <Talk about={about} text={text} kept={kept} page={page} open={open} />
      ) : (
        <Outside answer={answer} text={text} onRetry={() => setTries(tries + 1)} />
      )}
    </main>
  );
}

function Head({ title, company, text, page }: { title: string; company: string; text: ChatText; page: VisitedPage }) {
  return (
    <header class="head">
      <div class="titles">
        <h1>{title}</h1>
        {company !== title && <p>{company}</p>}
      </div>
      {page.framed && (
        <button type="button" class="shut" aria-label={text.say.close} onClick={() => page.tell({ balcao: 'close' })}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M6 6l12 12M18 6L6 18" />
          </svg>
        </button>
      )}
    </header>
  );
}

/** No conversation yet: asking, or the desk has none to offer. */
function Outside({ answer, text, onRetry }: { answer: AboutAnswer | null; text: ChatText; onRetry(): void }) {
  const sentence = answer === 'off' ? text.say.unavailable : text.say.connecting;
  return (
    <div class="outside">
      <p role="status">{sentence}</p>
      {answer === 'off' && (
        <button type="button" class="plain" onClick={onRetry}>
          {text.say.reload}
        </button>
      )}
    </div>
  );
}

interface TalkProps {
  about: About;
  text: ChatText;
  kept: Kept;
  page: VisitedPage;
  open(): Conversation;
}

function Talk({ about, text, kept, page, open }: TalkProps) {
  const [conversation] = useState(open);
  const [state, setState] = useState<ChatState>(conversation.state());
  const [name, setName] = useState(kept.get('name') ?? '');
  const writing = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    conversation.onChange(() => setState(conversation.state()));
    let shown = false;
    const look = () => conversation.look(shown && document.visibilityState === 'visible');
    page.onShown((now) => {
      if (now && !shown) writing.current?.focus();
      shown = now;
      look();
    });
    document.addEventListener('visibilitychange', look);
  }, [conversation, page]);

  useEffect(() => page.tell({ balcao: 'unread', count: state.unread }), [page, state.unread]);

  function say(words: string): void {
    const given = name.trim();
    if (given !== '') kept.set('name', given);
    conversation.say(words, given);
  }

  const fresh = state.loaded && state.lines.length === 0 && state.queue.length === 0 && kept.get('name') === null;
  return (
    <>
      <Log about={about} text={text} state={state} onRetry={conversation.retry} onDiscard={conversation.discard} />
      <Status state={state} text={text} />
      <Composer text={text} writing={writing} name={fresh ? name : null} onName={setName} onSay={say} />
    </>
  );
}

function Status({ state, text }: { state: ChatState; text: ChatText }) {
  return (
    <p class={`status ${state.link}`} role="status">
      {statusOf(state, text)}
    </p>
  );
}

function statusOf({ link, slowed, queue }: ChatState, { say }: ChatText): string {
  if (link === 'connecting') return say.connecting;
  if (link === 'offline') return say.offline;
  if (link === 'unavailable') return say.unavailable;
  return slowed && queue.length > 0 ? say.waiting : '';
}
