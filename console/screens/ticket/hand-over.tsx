import { useState } from 'preact/hooks';
import { limits } from '#shared/limits.ts';
import { unattended } from '#shared/unattended.ts';
import { faultIn } from '../../explain.ts';
import { instantOf } from '../../format.ts';
import { command } from '../../live.ts';
import { useOnce } from '../../once.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { SelectField, TextArea, TextField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { toast } from '../../parts/toast.tsx';
import { agentName, agentsOf, attendingDepartments, departmentName } from '../../state/catalog.ts';
import { attendsIn, may } from '../../state/may.ts';
import { me } from '../../state/me.ts';
import { forwardingsOf, type Thread } from '../../state/thread.ts';
import { say, t } from '../../text.ts';
import { useDraft } from './writing-field.tsx';

interface HandOverProps {
  thread: Thread;
  verb: 'forward' | 'transfer';
  /** The question that this one asks on behalf of. */
  parentId: string | null;
  onClose: () => void;
}

/** One dialog, two verbs: ask another department and keep the ticket, or give the ticket away. */
export function HandOver({ thread, verb, parentId, onClose }: HandOverProps) {
  const { ticket } = thread;
  const by = me.value;
  const [chosen, setChosen] = useState(verb);
  const verbs = (['forward', 'transfer'] as const).filter(
    (name) => by && may(by, name, ticket) && (name === 'forward' || parentId === null),
  );
  return (
    <Dialog title={t.acts.handOver} onClose={onClose}>
      {verbs.length > 1 && (
        <div class="verbs" role="radiogroup" aria-label={t.acts.verb}>
          {verbs.map((name) => (
            <label key={name} class="verb">
              <input
                type="radio"
                name="verb"
                checked={chosen === name}
                aria-labelledby={`verb-${name}`}
                aria-describedby={`about-${name}`}
                onChange={() => setChosen(name)}
              />
              <span>
                <b id={`verb-${name}`}>{t.acts[name]}</b>
                <span id={`about-${name}`} class="hint">
                  {t.acts[`${name}Hint`]}
                </span>
              </span>
            </label>
          ))}
        </div>
      )}
      {chosen === 'forward' ? (
        <ForwardForm thread={thread} parentId={parentId} onClose={onClose} />
      ) : (
        <TransferForm thread={thread} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface Sending {
  busy: boolean;
  fault: unknown;
  /** Runs the act; closes the dialog when the server has accepted it. */
  send: (act: () => Promise<unknown>, told: string) => void;
}

function useSending(onClose: () => void): Sending {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const run = async (act: () => Promise<unknown>, told: string) => {
    setBusy(true);
    setFault(null);
    try {
      await act();
      toast(told);
      onClose();
    } catch (error) {
      setFault(error);
      setBusy(false);
    }
  };
  return {
    busy,
    fault,
    send: (act, told) => {
      if (!busy) unattended(run(act, told), 'hand over');
    },
  };
}

function ForwardForm({ thread, parentId, onClose }: Omit<HandOverProps, 'verb'>) {
  const { ticket } = thread;
  const parent = parentOf(thread, parentId);
  const from = parent?.toDepartmentId ?? ticket.departmentId;
  const targets = attendingDepartments().filter((department) => department.id !== from);
  const [toDepartmentId, setDepartment] = useState(targets[0]?.id ?? '');
  const [question, setQuestion] = useDraft(ticket.id, 'question');
  const [due, setDue] = useState('');
  const { busy, fault, send } = useSending(onClose);
  const once = useOnce();
  const dueAt = due === '' ? null : instantOf(due);
  const past = dueAt !== null && dueAt <= new Date().toISOString();
  if (targets.length === 0) return <p>{t.acts.noTarget}</p>;
  const submit = () => {
    if (past) return;
    const extra = { ...(dueAt === null ? {} : { dueAt }), ...(parent ? { parentId: parent.id } : {}) };
    const act = once({ ticketId: ticket.id, toDepartmentId, question, ...extra });
    const add = async () => {
      await command('forwarding:add', act);
      setQuestion('');
    };
    send(add, say(t.acts.forwarded, { department: departmentName(toDepartmentId) }));
  };
  return (
    <Form fault={fault} busy={busy} word={t.acts.doForward} onSubmit={submit} onClose={onClose}>
      {parent && <p class="lead">{t.acts.onwardHint}</p>}
      <SelectField
        label={t.acts.department}
        value={toDepartmentId}
        onText={setDepartment}
        options={targets.map(({ id, name }) => ({ value: id, label: name }))}
        fault={faultIn(fault, 'toDepartmentId')}
        required
      />
      <TextArea
        label={t.acts.question}
        hint={t.acts.questionHint}
        value={question}
        onText={setQuestion}
        maxlength={limits.forwardingCharacters}
        fault={faultIn(fault, 'question')}
        required
        autofocus
      />
      <TextField
        label={t.acts.dueAt}
        type="datetime-local"
        value={due}
        onText={setDue}
        fault={past ? t.acts.dueInPast : faultIn(fault, 'dueAt')}
        optional
      />
    </Form>
  );
}

function TransferForm({ thread, onClose }: { thread: Thread; onClose: () => void }) {
  const { ticket } = thread;
  const targets = attendingDepartments();
  const elsewhere = targets.find((department) => department.id !== ticket.departmentId);
  const [departmentId, setDepartment] = useState(elsewhere?.id ?? ticket.departmentId);
  const [agentId, setAgent] = useState('');
  const [reason, setReason] = useState('');
  const { busy, fault, send } = useSending(onClose);
  const once = useOnce();
  const people = agentsOf(departmentId).filter(
    (agent) => departmentId !== ticket.departmentId || agent.id !== ticket.agentId,
  );
  const assignee = people.some((agent) => agent.id === agentId) ? agentId : '';
  const submit = () => {
    const to = assignee === '' ? { departmentId } : { departmentId, agentId: assignee };
    const target = [departmentName(departmentId), agentName(assignee)].filter(Boolean).join(', ');
    const act = once({ ticketId: ticket.id, reason, ...to });
    send(() => command('ticket:reassign', act), say(t.acts.transferred, { target }));
  };
  return (
    <Form fault={fault} busy={busy} word={t.acts.doTransfer} onSubmit={submit} onClose={onClose}>
      <SelectField
        label={t.acts.department}
        value={departmentId}
        onText={setDepartment}
        options={targets.map(({ id, name }) => ({ value: id, label: name }))}
        fault={faultIn(fault, 'departmentId')}
        required
        autofocus
      />
      <SelectField
        label={t.acts.agent}
        value={assignee}
        onText={setAgent}
        empty={t.acts.anyAgent}
        options={people.map(({ id, name }) => ({ value: id, label: name }))}
        fault={faultIn(fault, 'agentId')}
        optional
      />
      <TextField
        label={t.acts.reason}
        hint={t.acts.reasonHint}
        value={reason}
        onText={setReason}
        maxlength={limits.reasonCharacters}
        fault={faultIn(fault, 'reason')}
        required
      />
    </Form>
  );
}

/** The question asked onward; without one named, the first that my department owes when the ticket is not mine. */
function parentOf({ ticket, entries }: Thread, parentId: string | null) {
  const by = me.value;
  const open = forwardingsOf({ ticket, entries }).filter((forwarding) => forwarding.answer === null);
  if (parentId !== null) return open.find((forwarding) => forwarding.id === parentId);
  if (!by || ticket.agentId === by.agent.id || attendsIn(by, ticket.departmentId)) return undefined;
  return open.find((forwarding) => attendsIn(by, forwarding.toDepartmentId));
}
