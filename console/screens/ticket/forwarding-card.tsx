import { useEffect, useRef, useState } from 'preact/hooks';
import { type Forwarding, overdue } from '#shared/forwarding.ts';
import { limits } from '#shared/limits.ts';
import { unattended } from '#shared/unattended.ts';
import { now } from '../../clock.ts';
import { draftOf, keepDraft } from '../../drafts.ts';
import { explain } from '../../explain.ts';
import { dateTime } from '../../format.ts';
import { command } from '../../live.ts';
import { useOnce } from '../../once.ts';
import { Button } from '../../parts/button.tsx';
import { SelectField, TextArea } from '../../parts/field.tsx';
import { Pill, Square } from '../../parts/pill.tsx';
import { toast } from '../../parts/toast.tsx';
import { catalog, conclusionName, departmentName, departmentOf } from '../../state/catalog.ts';
import { mayAnswer } from '../../state/may.ts';
import { me } from '../../state/me.ts';
import { forwardingsOf, type Thread } from '../../state/thread.ts';
import { say, t } from '../../text.ts';
import { acting, wantedForwarding } from './acting.ts';
import { Said } from './said.tsx';
import './forwarding.css';

/** A question to another department, where it was asked; answered in place by who may. */
export function ForwardingCard({ forwarding, thread }: { forwarding: Forwarding; thread: Thread }) {
  const { fromDepartmentId, toDepartmentId, by, forwardedAt, question, answer } = forwarding;
  const names = { from: departmentName(fromDepartmentId), to: departmentName(toDepartmentId) };
  return (
    <article class={answer ? 'forwarding answered' : 'forwarding'} id={`card-${forwarding.id}`}>
      <header>
        <Square color={departmentOf(toDepartmentId)?.color ?? 7} />
        <h2>{say(t.ticket.forwardingFrom, names)}</h2>
        <State forwarding={forwarding} />
      </header>
      <Said text={question} />
      <p class="meta">
        {say(t.ticket.forwardingBy, { name: by.name, time: dateTime(forwardedAt) })}
        {forwarding.dueAt !== null && ` · ${say(t.ticket.due, { time: dateTime(forwarding.dueAt) })}`}
      </p>
      {answer && (
        <div class="answer">
          <p>
            <Pill tone="ok">{conclusionName(answer.conclusionId)}</Pill>
          </p>
          <Said text={answer.text} />
          <p class="meta">
            {say(t.ticket.answerBy, { name: answer.recordedBy.name, time: dateTime(answer.recordedAt) })}
          </p>
        </div>
      )}
      {!answer && thread.ticket.closedAt === null && <AnswerPart forwarding={forwarding} thread={thread} />}
    </article>
  );
}

function State({ forwarding }: { forwarding: Forwarding }) {
  const by = me.value;
  if (forwarding.answer) return <Pill tone="ok">{t.ticket.answered}</Pill>;
  if (overdue(forwarding, now.value)) return <Pill tone="bad">{t.ticket.overdue}</Pill>;
  const calls = by && mayAnswer(by, forwarding) === 'destination';
  return <Pill tone={calls ? 'bad' : undefined}>{t.ticket.unanswered}</Pill>;
}

/** The form for the destination; for who asked only the way to take the question back. */
function AnswerPart({ forwarding, thread }: { forwarding: Forwarding; thread: Thread }) {
  const by = me.value;
  const role = by ? mayAnswer(by, forwarding) : null;
  const [taking, setTaking] = useState(false);
  if (role === null) return null;
  if (role === 'requester' && !taking) {
    return (
      <div class="card-acts">
        <Button kind="link" onClick={() => setTaking(true)}>
          {t.ticket.takeBack}
        </Button>
      </div>
    );
  }
  const waitsForChild = forwardingsOf(thread).some(
    (other) => other.parentId === forwarding.id && other.answer === null,
  );
  return <AnswerForm forwarding={forwarding} requester={role === 'requester'} waitsForChild={waitsForChild} />;
}

interface FormProps {
  forwarding: Forwarding;
  requester: boolean;
  waitsForChild: boolean;
}

function AnswerForm({ forwarding, requester, waitsForChild }: FormProps) {
  const { id, ticketId } = forwarding;
  const choices = catalog.value.conclusions.filter(
    (conclusion) => conclusion.active && (!requester || conclusion.forRequester),
  );
  const usual = choices.find((conclusion) => conclusion.forRequester === requester) ?? choices[0];
  const [chosen, setChosen] = useState<string | null>(null);
  const conclusionId = chosen ?? usual?.id ?? '';
  const text = draftOf(ticketId, `answer-${id}`);
  const field = useRef<HTMLTextAreaElement>(null);
  useWanted(id, field);
  const { busy, fault, answer } = useAnswering(forwarding);
  const send = () => {
    if (text.trim() !== '' && conclusionId !== '') answer(conclusionId, text);
  };
  if (choices.length === 0) return <p class="refusal">{t.ticket.noConclusions}</p>;
  return (
    <form
      class="answer-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onKeyDown={(event) => {
        const inText = event.target instanceof HTMLTextAreaElement;
        if (!inText || event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
        event.preventDefault();
        send();
      }}
    >
      <SelectField
        label={t.ticket.conclusion}
        value={conclusionId}
        onText={setChosen}
        options={choices.map((conclusion) => ({ value: conclusion.id, label: conclusion.name }))}
      />
      <TextArea
        ref={field}
        label={requester ? t.ticket.takeBackText : t.ticket.answerText}
        value={text}
        rows={2}
        maxlength={limits.forwardingCharacters}
        // The form goes with the answer: nothing may be typed into it that would go too.
        readonly={busy}
        onText={(next) => keepDraft(ticketId, `answer-${id}`, next)}
      />
      {fault !== null && (
        <p class="refusal" role="alert">
          {explain(fault)}
        </p>
      )}
      <div class="card-acts">
        {!requester && (
          <Button
            kind="quiet"
            compact
            onClick={() => {
              acting.value = { verb: 'forward', parentId: id };
            }}
          >
            {t.ticket.askOnward}
          </Button>
        )}
        <Button
          kind="primary"
          compact
          type="submit"
          busy={busy}
          why={waitsForChild ? t.errors['forwarding.has-open-child'] : null}
        >
          {busy ? t.ticket.answering : requester ? t.ticket.takeBack : t.ticket.answer}
        </Button>
      </div>
    </form>
  );
}

/** Sends an answer, one at a time; what was typed is forgotten only once the server has it. */
function useAnswering({ id, ticketId, fromDepartmentId }: Forwarding) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const once = useOnce();
  const run = async (conclusionId: string, text: string) => {
    setBusy(true);
    setFault(null);
    try {
      await command('forwarding:answer', once({ ticketId, forwardingId: id, conclusionId, text }));
      keepDraft(ticketId, `answer-${id}`, '');
      // Who answered may lose sight of the ticket with it: the word stays.
      toast(say(t.ticket.answerSent, { department: departmentName(fromDepartmentId) }));
    } catch (error) {
      setFault(error);
    } finally {
      setBusy(false);
    }
  };
  const answer = (conclusionId: string, text: string) => {
    if (!busy) unattended(run(conclusionId, text), 'answer a forwarding');
  };
  return { busy, fault, answer };
}

/** When this card was asked for, its form takes the focus. */
function useWanted(id: string, field: { current: HTMLTextAreaElement | null }): void {
  const wanted = wantedForwarding.value === id;
  useEffect(() => {
    if (!wanted) return;
    field.current?.focus({ preventScroll: true });
    field.current?.scrollIntoView({ block: 'nearest' });
    wantedForwarding.value = null;
  }, [wanted]);
}
