import type { RefObject, TargetedEvent, TargetedKeyboardEvent } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';
import { limits } from '#shared/limits.ts';
import type { ChatText } from './text.ts';

interface ComposerProps {
  text: ChatText;
  writing: RefObject<HTMLTextAreaElement | null>;
  /** The visitor's name, asked for with the first message; null when it is not asked any more. */
  name: string | null;
  onName(name: string): void;
  onSay(words: string): void;
}

/** As the desk counts. */
const mostCharacters = 4_000;
const tallest = 132;

/** Where the visitor writes. Enter sends, Shift+Enter is a new line. */
export function Composer({ text, writing, name, onName, onSay }: ComposerProps) {
  const [words, setWords] = useState('');

  function send(): void {
    if (words.trim() === '') return;
    onSay(words.trim());
    setWords('');
    writing.current?.focus();
  }

  function submitted(event: TargetedEvent<HTMLFormElement>): void {
    event.preventDefault();
    send();
  }

  const { say } = text;
  return (
    <form class="composer" onSubmit={submitted}>
      {name !== null && (
        <input
          class="name"
          value={name}
          maxLength={limits.nameCharacters}
          autocomplete="name"
          placeholder={say.name}
          aria-label={say.name}
          onInput={(event) => onName(event.currentTarget.value)}
        />
      )}
      <div class="writing">
        <Words label={say.placeholder} words={words} writing={writing} onWords={setWords} onEnter={send} />
        <button type="submit" class="send" aria-label={say.send} disabled={words.trim() === ''}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 12l16-8-6 16-3-6-7-2Z" />
          </svg>
        </button>
      </div>
    </form>
  );
}

interface WordsProps {
  label: string;
  words: string;
  writing: RefObject<HTMLTextAreaElement | null>;
  onWords(words: string): void;
  onEnter(): void;
}

/** The field; it grows with what is written. */
function Words({ label, words, writing, onWords, onEnter }: WordsProps) {
  useLayoutEffect(() => {
    const field = writing.current;
    if (field === null) return;
    field.style.height = 'auto';
    field.style.height = words === '' ? '' : `${Math.min(tallest, field.scrollHeight + 2)}px`;
  }, [words, writing]);

  function pressed(event: TargetedKeyboardEvent<HTMLTextAreaElement>): void {
    // While a word is being composed, Enter belongs to the input method; some browsers say so only by 229.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    onEnter();
  }

  return (
    <textarea
      ref={writing}
      rows={1}
      value={words}
      maxLength={mostCharacters}
      placeholder={label}
      aria-label={label}
      enterkeyhint="send"
      dir="auto"
      onInput={(event) => onWords(event.currentTarget.value)}
      onKeyDown={pressed}
    />
  );
}
