import { useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Popover } from '../../parts/popover.tsx';
import { type Box, hrefOf } from '../../state/box.ts';
import { say, t } from '../../text.ts';
import { Boxes, titleOf } from './boxes.tsx';
import { ForwardingList } from './forwarding-list.tsx';
import { NewTicket } from './new-ticket.tsx';
import { Search } from './search.tsx';
import { TicketList } from './ticket-list.tsx';

interface Shown {
  box: Box;
  ticketId: string | null;
}

/** The list column: what is shown, in which order, the search, and the rows. */
export function InboxColumn({ box, ticketId }: Shown) {
  const [adding, setAdding] = useState(false);
  const title = titleOf(box);
  return (
    <section class="list-column" aria-label={say(t.inbox.list, { box: title })}>
      <header class="bar">
        <h1 class="only-wide cut">{title}</h1>
        <BoxMenu box={box} ticketId={ticketId} title={title} />
        <span class="rest" />
        <OrderButton box={box} ticketId={ticketId} />
        <Button icon="plus" onClick={() => setAdding(true)}>
          {t.inbox.new}
        </Button>
      </header>
      {box.list === 'forwardings' ? (
        <ForwardingList ticketId={ticketId} />
      ) : (
        <>
          <Search box={box} ticketId={ticketId} />
          <TicketList box={box} ticketId={ticketId} />
        </>
      )}
      {adding && <NewTicket box={box} onClose={() => setAdding(false)} />}
    </section>
  );
}

/** Where the boxes have no column, they hang on the list's title. */
function BoxMenu({ box, ticketId, title }: Shown & { title: string }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={anchor}
        type="button"
        class="box-button only-narrow"
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={() => setOpen(!open)}
      >
        <h1 class="cut">{title}</h1>
        <Icon name="down" />
      </button>
      <Popover open={open} onClose={() => setOpen(false)} anchor={() => anchor.current} label={t.inbox.boxes}>
        <Boxes box={box} ticketId={ticketId} onChoose={() => setOpen(false)} />
      </Popover>
    </>
  );
}

function OrderButton({ box, ticketId }: Shown) {
  const { route } = useLocation();
  if (box.list === 'forwardings') return null;
  const order = box.filter.order === 'newest' ? 'oldest' : 'newest';
  const name = t.inbox[box.filter.order];
  const turned: Box = { list: 'tickets', filter: { ...box.filter, order } };
  return (
    <Button
      kind="quiet"
      icon="sort"
      label={say(t.inbox.order, { order: name })}
      onClick={() => route(hrefOf(turned, ticketId))}
    />
  );
}
