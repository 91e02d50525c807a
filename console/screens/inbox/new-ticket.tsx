import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { limits } from '#shared/limits.ts';
import type { TicketView } from '#shared/ticket.ts';
import { unattended } from '#shared/unattended.ts';
import { faultIn } from '../../explain.ts';
import { post } from '../../http.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { SelectField, TextArea, TextField } from '../../parts/field.tsx';
import { Form } from '../../parts/form.tsx';
import { toast } from '../../parts/toast.tsx';
import { type Box, hrefOf } from '../../state/box.ts';
import { agentsOf, attendingDepartments } from '../../state/catalog.ts';
import { attendsIn } from '../../state/may.ts';
import { me } from '../../state/me.ts';
import { say, t } from '../../text.ts';

/** Opens a ticket by hand, for who called or came by; without an agent it waits. */
export function NewTicket({ box, onClose }: { box: Box; onClose: () => void }) {
  const { route } = useLocation();
  const by = me.value;
  const targets = attendingDepartments().filter((department) => by && attendsIn(by, department.id));
  const wanted = box.list === 'tickets' ? box.filter.departmentId : undefined;
  const first = targets.find((department) => department.id === wanted) ?? targets[0];
  const [contactName, setContactName] = useState('');
  const [description, setDescription] = useState('');
  const [departmentId, setDepartmentId] = useState(first?.id ?? '');
  const [agentId, setAgentId] = useState(by?.agent.id ?? '');
  const people = agentsOf(departmentId);
  const assignee = people.some((agent) => agent.id === agentId) ? agentId : '';
  const { busy, fault, create } = useCreating((ticket) => {
    toast(say(t.acts.created, { protocol: ticket.protocol }));
    onClose();
    route(hrefOf(box, ticket.id));
  });
  const submit = () => create({ contactName, description, departmentId, ...(assignee ? { agentId: assignee } : {}) });
  return (
    <Dialog title={t.inbox.newTicket} onClose={onClose}>
      <Form fault={fault} busy={busy} word={t.inbox.create} onSubmit={submit} onClose={onClose}>
        <p class="lead">{t.inbox.newTicketHint}</p>
        <TextField
          label={t.inbox.contactName}
          value={contactName}
          onText={setContactName}
          maxlength={limits.nameCharacters}
          fault={faultIn(fault, 'contactName')}
          required
          autofocus
        />
        <TextArea
          label={t.inbox.description}
          value={description}
          onText={setDescription}
          maxlength={limits.descriptionCharacters}
          fault={faultIn(fault, 'description')}
          required
        />
        <SelectField
          label={t.inbox.department}
          value={departmentId}
          onText={setDepartmentId}
          options={targets.map(({ id, name }) => ({ value: id, label: name }))}
          fault={faultIn(fault, 'departmentId')}
          required
        />
        <SelectField
          label={t.inbox.agent}
          value={assignee}
          onText={setAgentId}
          empty={t.inbox.nobody}
          options={people.map(({ id, name }) => ({ value: id, label: name }))}
          fault={faultIn(fault, 'agentId')}
          optional
        />
      </Form>
    </Dialog>
  );
}

interface NewTicketBody {
  contactName: string;
  description: string;
  departmentId: string;
  agentId?: string;
}

function useCreating(done: (ticket: TicketView) => void) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(null);
  const run = async (body: NewTicketBody) => {
    setBusy(true);
    setFault(null);
    try {
      done(await post<TicketView>('/tickets', body));
    } catch (error) {
      setFault(error);
      setBusy(false);
    }
  };
  const create = (body: NewTicketBody) => {
    if (!busy) unattended(run(body), 'new ticket');
  };
  return { busy, fault, create };
}
