import { useState } from 'preact/hooks';
import type { Card, MessageView, Place, Quote } from '#shared/message.ts';
import { unattended } from '#shared/unattended.ts';
import { explain } from '../../explain.ts';
import { failureText } from '../../failures.ts';
import { post } from '../../http.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { holdsMessage, type Thread } from '../../state/thread.ts';
import { messageChanged } from '../../state/ticket.ts';
import { say, t } from '../../text.ts';
import { wantedMessage } from './acting.ts';
import { Attachments } from './attachments.tsx';
import { MailHead, MailText } from './mail.tsx';
import { Said } from './said.tsx';
import './media.css';

/** Everything a message says: what it answers to, files, place, cards, mail and its text. */
export function MessageContent({ message, thread }: { message: MessageView; thread: Thread }) {
  const { replyTo, place, cards, mail, missing, text } = message;
  // What stands inside a mail's body is seen there.
  const attachments = message.attachments.filter(({ inline }) => inline !== true);
  return (
    <>
      {replyTo && <Quoted quote={replyTo} thread={thread} />}
      {mail && <MailHead mail={mail} />}
      {attachments.length > 0 && <Attachments items={attachments} />}
      {place && <PlaceCard place={place} />}
      {cards.map((card) => (
        <VisitingCard key={`${card.name} ${card.phones.join()}`} card={card} />
      ))}
      {missing !== null && <Missing message={message} code={missing} />}
      {mail ? <MailText text={text} mail={mail} /> : text !== '' && <Said text={text} />}
    </>
  );
}

function Quoted({ quote, thread }: { quote: Quote; thread: Thread }) {
  const { messageId, name, preview } = quote;
  const inside = (
    <>
      <b>
        <span class="words">{say(t.media.quoteOf, { name })}</span>
        <span aria-hidden="true">{name}</span>
      </b>
      <span class="cut">{preview}</span>
    </>
  );
  if (messageId === null || !holdsMessage(thread, messageId)) return <div class="quoted">{inside}</div>;
  const go = () => {
    wantedMessage.value = messageId;
  };
  return (
    <button type="button" class="quoted" onClick={go}>
      {inside}
    </button>
  );
}

function PlaceCard({ place }: { place: Place }) {
  const { latitude, longitude, name, address } = place;
  const point = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;
  return (
    <div class="thing">
      <Icon name="pin" size={20} />
      <span class="texts">
        <b>{name === '' ? t.media.place : name}</b>
        {address !== '' && <span>{address}</span>}
        <a href={map} target="_blank" rel="noopener noreferrer">
          {t.media.showMap} ({point})
        </a>
      </span>
    </div>
  );
}

function VisitingCard({ card }: { card: Card }) {
  return (
    <div class="thing">
      <Icon name="people" size={20} />
      <span class="texts">
        <b>
          <span class="words">{t.media.card}: </span>
          {card.name}
        </b>
        {card.phones.map((phone) => (
          <a key={phone} href={`tel:${phone.replaceAll(/[^+\d]/g, '')}`}>
            {phone}
          </a>
        ))}
        {card.emails.map((email) => (
          <a key={email} href={`mailto:${email}`}>
            {email}
          </a>
        ))}
      </span>
    </div>
  );
}

/** Only a file may be asked for once more; everything else is shown by the network's own app. */
function Missing({ message, code }: { message: MessageView; code: string }) {
  const [state, setState] = useState<'idle' | 'asking' | string>('idle');
  const fetchIt = async () => {
    setState('asking');
    try {
      messageChanged(await post<MessageView>(`/tickets/${message.ticketId}/messages/${message.id}/fetch`));
      setState('idle');
    } catch (error) {
      setState(explain(error));
    }
  };
  return (
    <div class="missing">
      <Icon name="warning" />
      <span class="texts">
        <span>{failureText(code)}</span>
        {state !== 'idle' && state !== 'asking' && <span role="alert">{state}</span>}
        {code === 'media' && (
          <Button kind="link" busy={state === 'asking'} onClick={() => unattended(fetchIt(), 'fetch again')}>
            {t.ticket.tryAgain}
          </Button>
        )}
      </span>
    </div>
  );
}
