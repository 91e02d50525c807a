import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

interface FileChoiceProps {
  label: string;
  onFiles: (files: File[]) => void;
  /** What opens it, in whatever look. */
  children: (open: () => void) => ComponentChildren;
}

/** The browser's own choice of files. */
export function FileChoice({ label, onFiles, children }: FileChoiceProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // The same file may be chosen again after it was removed.
          currentTarget.value = '';
        }}
      />
      {children(() => input.current?.click())}
    </>
  );
}
